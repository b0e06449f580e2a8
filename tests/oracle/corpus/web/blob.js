const blob = new Blob(['hello ', new Uint8Array([119, 111])], { type: 'text/plain' });
console.log(blob.size, blob.type, await blob.text(), (await blob.slice(0, 5).text()), (await blob.arrayBuffer()).byteLength);
const file = new File(['abc'], 'a.txt', { type: 'text/plain' });
console.log(file.name, file.size, await file.text(), file instanceof Blob);
