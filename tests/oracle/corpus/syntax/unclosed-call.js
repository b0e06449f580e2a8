pm.expect(a).to.eql("b"
