// What build.rs and host.rs put around the files of src/sandbox/js.
declare global {
  /** One of our own files, by its path from this one. */
  const own: (path: string) => any;
  /** The functions of host.rs. */
  const host: any;
  const module: { exports: any };
  var exports: any;
  const console: any;
  const atob: (text: string) => string;
  const btoa: (text: string) => string;
  const DOMException: { new (message?: string, name?: string): Error & { code: number }; prototype: Error };
  const structuredClone: (value: any, options?: any) => any;
  const queueMicrotask: (callback: () => void) => void;
  interface Error {
    code?: string | number;
    toJSON?: () => unknown;
  }
  interface RegExpConstructor {
    escape?(text: string): string;
  }
  interface Uint8ArrayConstructor {
    fromBase64(text: string, options?: { alphabet?: string }): Uint8Array;
  }
  interface String {
    toWellFormed(): string;
  }
}
export {};
