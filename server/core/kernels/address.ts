/** What WebAssembly knows of a column is where it begins, in bytes. */
export type Address = number;
