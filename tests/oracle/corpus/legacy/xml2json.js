console.log(xml2Json('<pets><pet id="1"><name>Rex</name></pet><pet id="2"><name>Tom</name></pet></pets>'));
console.log(xml2Json('<a>text</a>'), xml2Json('<a/>'), xml2Json('<a><![CDATA[x<y]]></a>'));
