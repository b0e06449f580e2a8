const timers = require("timers");
const order = [];
await new Promise((resolve) => {
    timers.setTimeout(() => resolve(order.push("timeout")), 5);
    timers.setImmediate(() => order.push("immediate"));
    timers.clearTimeout(timers.setTimeout(() => order.push("never"), 1));
});
equal(order, ["immediate", "timeout"]);
