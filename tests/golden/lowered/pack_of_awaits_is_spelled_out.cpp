// coroscope: dis --lowered --levels=O0
#include "../support.h"

template <class... Waits> fire go(Waits... waits) { (use(co_await waits), ...); }
void start() { go(later{}, later{}); }
