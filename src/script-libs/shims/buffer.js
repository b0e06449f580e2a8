// Node's module `buffer`: npm's Buffer with the constants and web names Postman's sandbox puts beside it.
const { Buffer, SlowBuffer, INSPECT_MAX_BYTES, kMaxLength } = require("buffer/");

const kStringMaxLength = (1 << 28) - 16;

function notImplemented() {
    throw new Error("Not implemented");
}

module.exports = {
    Buffer,
    SlowBuffer,
    INSPECT_MAX_BYTES,
    kMaxLength,
    kStringMaxLength,
    constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength },
    // Looked up when asked for: the host defines them lazily.
    get File() {
        return globalThis.File;
    },
    get Blob() {
        return globalThis.Blob;
    },
    atob,
    btoa,
    isAscii: notImplemented,
    isUtf8: notImplemented,
    resolveObjectURL: notImplemented,
    transcode: notImplemented,
};
