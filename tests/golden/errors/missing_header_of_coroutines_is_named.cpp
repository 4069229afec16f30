struct job {};
job go() { co_return; }
