#include "../support.h"

fire odd() <%
  int array<:2:> = <%1, 2%>;
  co_\
await later{};
  use(array);
%>
