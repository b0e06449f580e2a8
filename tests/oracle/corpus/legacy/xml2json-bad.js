try { console.log(xml2Json('<a><b></a>')); }
catch (error) { console.log(error.name, error.message); }
