console.log('é ✓ 😀 \u0000 \u2028', '\ud800', 'tab\tnew\nline');
