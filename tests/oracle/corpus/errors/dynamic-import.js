try { await import('fs'); console.log('imported'); }
catch (error) { console.log('refused'); }
