/** What a JSON column, a session or a message body can hold. Keys without a value are dropped on the way. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
