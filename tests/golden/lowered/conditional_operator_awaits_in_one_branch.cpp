// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go(bool wait) { use(wait ? co_await later{} : 3); }
