// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A numeric address is no question; a name is one for the system's resolver, which blocks a thread of the pool.
//
//   resolve -> look_up, which owns all it works on -> pool -> future -> who waits; where nobody does, it is for nothing
#include "socket.h"
#include <coroscope/detail/thread_pool.h>
#include <coroscope/event_loop.h>
#include <coroscope/future.h>
#include <coroscope/resolve.h>
#include <exception>
#include <memory>
#include <source_location>
#include <utility>

namespace coroscope {

namespace {

using endpoints = std::vector<ip_endpoint>;

class look_up final : public detail::pool_job {
public:
  look_up(std::string host, std::uint16_t port, std::weak_ptr<void> asking)
      : host_(std::move(host)), port_(port), asking_(std::move(asking)) {}
  future<endpoints> answer() const noexcept { return answer_.get_future(); }

private:
  void run() noexcept override {
    const std::unique_ptr<look_up> self(this);
    if (asking_.expired())
      return;
    try {
      answer_.set_value(detail::resolve_and_block(host_, port_));
    } catch (...) {
      answer_.set_error(std::current_exception(), std::source_location());
    }
  }

  std::string host_;
  std::uint16_t port_;
  std::weak_ptr<void> asking_; ///< gone once nobody waits
  completer<endpoints> answer_;
};

} // namespace

task<endpoints> resolve(std::string host, std::uint16_t port) {
  if (const auto numeric = ip_address::parse(host))
    co_return endpoints{{*numeric, port}};
  const auto asking = std::make_shared<char>();
  const outside_work comes;
  auto job = std::make_unique<look_up>(std::move(host), port, asking);
  const future<endpoints> answer = job->answer();
  detail::start_on_pool(*job);
  [[maybe_unused]] const look_up *const destroys_itself = job.release();
  co_return co_await answer;
}

} // namespace coroscope
