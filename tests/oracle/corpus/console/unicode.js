console.log('é ✓ 😀 \u0000 \u2028', 'tab\tnew\nline');
