// What browserify gives each file that names it: scripts themselves never see `process`.
export const process = /* @__PURE__ */ require("_process");
export const Buffer = /* @__PURE__ */ (() => require("buffer").Buffer)();
