console.log(pm.response.stream.length, Buffer.isBuffer(pm.response.stream), pm.response.stream.slice(0, 4).toString(), pm.response.stream.toString('base64').slice(0, 8));
