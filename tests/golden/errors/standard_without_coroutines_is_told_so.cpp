// coroscope: dis -- -std=c++17
struct job {};

job old() { co_await 1; }
