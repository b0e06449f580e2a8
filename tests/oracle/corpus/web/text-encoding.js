const bytes = new TextEncoder().encode('héllo €');
console.log(Array.from(bytes), new TextDecoder().decode(bytes), new TextDecoder('utf-16le').decode(new Uint8Array([104, 0, 105, 0])), new TextDecoder('latin1').encoding);
try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])); }
catch (error) { console.log(error.name); }
