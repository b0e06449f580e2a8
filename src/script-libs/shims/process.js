// What browserify gives each file that names it: scripts themselves never see `process`.
export const process = /* @__PURE__ */ require("_process");
