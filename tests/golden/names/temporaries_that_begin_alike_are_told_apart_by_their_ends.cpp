// coroscope: dis --levels=O0
#include "../support.h"

struct text {
  text(const char *);
  text(const text &);
  ~text();
};
text operator+(const text &, const text &);
int measure(const text &, int);
fire go(text the_beginning_of_the_text, text its_middle, text and_its_end) {
  use(measure(the_beginning_of_the_text + its_middle + and_its_end, co_await later{}));
}
