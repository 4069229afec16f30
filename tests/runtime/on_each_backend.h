// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TEST_CASE_METHOD(on_each_backend, "…"): a test that runs once on each back end that this machine has.
#pragma once

#include <catch2/catch.hpp>
#include <coroscope/io_backend.h>
#include <string>

namespace coroscope::testing {

/// A value of an environment variable, for as long as this exists. Null: it is not set.
class environment_variable {
public:
  environment_variable(const char *name, const char *value);
  environment_variable(const environment_variable &) = delete;
  environment_variable &operator=(const environment_variable &) = delete;
  ~environment_variable();

private:
  const char *name_;
  bool was_set_;
  std::string before_;
};

/// Loops that are made while this exists use the back end, unless they are told otherwise.
class on_each_backend {
protected:
  on_each_backend();
  const io_backend backend_;

private:
  environment_variable chosen_;
  Catch::ScopedMessage message_;
};

} // namespace coroscope::testing
