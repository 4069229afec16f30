#include "../support.h"

fire cut(int n) {
  co_await later{
