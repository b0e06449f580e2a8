const bytes = crypto.getRandomValues(new Uint8Array(16));
console.log(bytes.length, typeof crypto.randomUUID, /^[0-9a-f-]{36}$/.test(crypto.randomUUID()), typeof crypto.subtle.digest);
