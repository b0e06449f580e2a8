const stream = new ReadableStream({ start (controller) { controller.enqueue('a'); controller.enqueue('b'); controller.close(); } });
const reader = stream.getReader(), seen = [];

for (;;) {
    const { done, value } = await reader.read();
    if (done) { break; }
    seen.push(value);
}
console.log(seen);
