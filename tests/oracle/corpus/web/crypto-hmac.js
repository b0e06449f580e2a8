const key = await crypto.subtle.importKey('raw', new TextEncoder().encode('key'), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode('message'));
console.log(Buffer.from(signature).toString('hex'), await crypto.subtle.verify('HMAC', key, signature, new TextEncoder().encode('message')), await crypto.subtle.verify('HMAC', key, signature, new TextEncoder().encode('other')), key.type, key.algorithm.name);
