const target = new EventTarget();
target.addEventListener('ping', (event) => console.log(event.type, event instanceof Event), { once: true });
console.log(target.dispatchEvent(new Event('ping')), target.dispatchEvent(new Event('ping')), new Event('x', { cancelable: true }).cancelable);
