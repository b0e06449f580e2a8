console.log(new Uint8Array([1, 2]), new Float64Array([1.5, 2.5]), new ArrayBuffer(8), Buffer.from('hi'), new DataView(new ArrayBuffer(2)).byteLength);
