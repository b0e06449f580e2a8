const { ReadableStream, TransformStream, WritableStream, CountQueuingStrategy } = require("internal/streams");
const written = [];
const source = new ReadableStream({
    start(controller) {
        controller.enqueue(1);
        controller.enqueue(2);
        controller.close();
    },
});
const double = new TransformStream({ transform: (n, controller) => controller.enqueue(n * 2) });
await source.pipeThrough(double).pipeTo(new WritableStream({ write: (n) => void written.push(n) }));
equal(written, [2, 4]);
const [left, right] = ReadableStream.from(["a", "b"]).tee();
const all = [];
for await (const x of left) all.push(x);
equal([all, (await right.getReader().read()).value], [["a", "b"], "a"]);
equal([ReadableStream.name, new CountQueuingStrategy({ highWaterMark: 3 }).highWaterMark], ["ReadableStream", 3]);
