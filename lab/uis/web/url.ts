/** URL.parse, which early releases of Node 20 do not have yet. */
export const parseUrl = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);
