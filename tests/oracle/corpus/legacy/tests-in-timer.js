tests.early = true;
setTimeout(() => { tests.late = true; }, 5);
