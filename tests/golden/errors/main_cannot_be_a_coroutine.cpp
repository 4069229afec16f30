#include "../support.h"

int main() { co_await later{}; }
