const Stream = require("stream");
const upper = new Stream.Transform({
    transform(chunk, _, done) {
        done(null, chunk.toString().toUpperCase());
    },
});
const text = new Promise((resolve, reject) => {
    let all = "";
    upper.on("data", (chunk) => (all += chunk)).on("end", () => resolve(all)).on("error", reject);
});
upper.write("a");
upper.end("b");
equal(await text, "AB");
equal([Stream.Stream === Stream, upper instanceof Stream, upper instanceof require("events")], [true, true, true]);
