/** Why a ring does not get a release yet. */
export type Wait =
  | { readonly kind: "hold" }
  /** Undefined where the window has been open for the last time. */
  | { readonly kind: "window"; readonly opens: Date | undefined }
  /** For another ring: until it was healthy for so long. */
  | {
      readonly kind: "bake";
      readonly ring: string;
      readonly seconds: number;
      /** Undefined where it has not been seen healthy with the release yet. */
      readonly since: Date | undefined;
      readonly until: Date | undefined;
    }
  /** For another ring, which waits itself. */
  | { readonly kind: "ring"; readonly ring: string }
  /** For another ring, of which a tenant is not healthy. */
  | { readonly kind: "failed"; readonly ring: string; readonly words: string }
  /** For another ring, which nobody could ask. */
  | { readonly kind: "unknown"; readonly ring: string; readonly words: string };
