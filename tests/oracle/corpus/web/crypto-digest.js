const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
for (const name of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) {
    console.log(name, hex(await crypto.subtle.digest(name, new TextEncoder().encode('abc'))).slice(0, 32));
}
