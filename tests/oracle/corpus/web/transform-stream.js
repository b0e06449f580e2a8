const upper = new TransformStream({ transform (chunk, controller) { controller.enqueue(chunk.toUpperCase()); } });
const writer = upper.writable.getWriter();

writer.write('x');
writer.close();
for await (const chunk of upper.readable) { console.log(chunk); }
