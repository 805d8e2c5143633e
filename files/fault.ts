/** What is wrong, and what to write instead. */
export interface Fault {
  /** A clause that follows the path: `"eu-9" is not a host of stack prod (eu-1, eu-2)`. No full stop. */
  readonly fault: string;
  /** One or two sentences: `Did you mean eu-2?`, `Write 192MiB.` */
  readonly remedy: string;
  /**
   * Key of a stack secret that is not there: `smtp-main`. Nothing is made without it, and everything can be planned.
   * Default: the fault is another one.
   */
  readonly missingSecret?: string;
}
