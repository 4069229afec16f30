// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// llhttp's callbacks, gathered into a head and the places where head and message end.
//
//   feed(bytes) -> llhttp -> on_… -> state.request / state.response, paused after the head and after the message
#include <coroscope/http.h>
#include <llhttp.h>
#include <utility>

namespace coroscope::http {

namespace detail {

struct message_parser::state {
  llhttp_t llhttp{};
  kind what = kind::request;
  parse_limits limits;
  bool response_has_body = true;

  request_head request;
  response_head response;
  field next_field;
  std::size_t head_bytes = 0;
  char last_byte = 0;
  bool head_complete = false;
  bool complete = false;
  std::optional<parse_error> error;

  field_list &fields() noexcept { return what == kind::request ? request.fields : response.fields; }

  /// What a callback returns to end the parsing.
  int refuse(int status, std::string message) {
    error = parse_error{status, std::move(message)};
    return HPE_USER;
  }
  std::size_t execute(std::string_view bytes);
  int take_field();
  int take_head();
  int check_request();
  int check_folding(std::string_view read);
  bool ends_without_body() const noexcept;
};

int message_parser::state::take_field() {
  if (head_complete) { // a trailer: it is passed on with the body, nobody asks for it
    next_field = {};
    return 0;
  }
  if (next_field.name.empty())
    return refuse(400, "a header field without a name");
  if (next_field.name.find_first_of(" \t") != std::string::npos)
    return refuse(400, "a space in a header field's name");
  if (fields().all().size() == limits.fields)
    return refuse(431, "more than " + std::to_string(limits.fields) + " header fields");
  const std::size_t end = next_field.value.find_last_not_of(" \t");
  next_field.value.resize(end == std::string::npos ? 0 : end + 1);
  fields().add(std::move(next_field.name), std::move(next_field.value));
  next_field = {};
  return 0;
}

int message_parser::state::check_request() {
  const field_list &sent = request.fields;
  if (sent.count("Host") > 1)
    return refuse(400, "more than one Host field");
  if (request.minor_version == 1 && sent.count("Host") == 0)
    return refuse(400, "no Host field");
  return 0;
}

/// Responses whose Content-Length, if any, is that of a body that is not sent.
bool message_parser::state::ends_without_body() const noexcept {
  return !response_has_body || response.status / 100 == 1 || response.status == 204 || response.status == 304;
}

int message_parser::state::take_head() {
  if (llhttp.http_major != 1 || llhttp.http_minor > 1)
    return refuse(505, "an HTTP version other than 1.0 and 1.1");
  if (llhttp.http_minor == 0 && fields().count("Transfer-Encoding") != 0)
    return refuse(400, "Transfer-Encoding in an HTTP/1.0 message");
  head_complete = true;
  if (what == kind::request) {
    request.method = llhttp_method_name(static_cast<llhttp_method_t>(llhttp.method));
    request.minor_version = llhttp.http_minor;
    if (const int refused = check_request())
      return refused;
  } else {
    response.status = llhttp.status_code;
    response.minor_version = llhttp.http_minor;
    if (ends_without_body())
      llhttp.flags = static_cast<std::uint16_t>(llhttp.flags | F_SKIPBODY);
  }
  return HPE_PAUSED;
}

/// A line of the head that starts with a space would continue the field before it: obsolete, and read in two ways.
int message_parser::state::check_folding(std::string_view read) {
  for (const char byte : read) {
    if (last_byte == '\n' && (byte == ' ' || byte == '\t'))
      return refuse(400, "a header field folded over two lines");
    last_byte = byte;
  }
  return 0;
}

namespace {

message_parser::state &state_of(llhttp_t *llhttp) { return *static_cast<message_parser::state *>(llhttp->data); }

llhttp_settings_t make_settings() noexcept {
  llhttp_settings_t settings;
  llhttp_settings_init(&settings);
  settings.on_url = [](llhttp_t *llhttp, const char *at, std::size_t size) {
    state_of(llhttp).request.target.append(at, size);
    return 0;
  };
  settings.on_status = [](llhttp_t *llhttp, const char *at, std::size_t size) {
    state_of(llhttp).response.reason.append(at, size);
    return 0;
  };
  settings.on_header_field = [](llhttp_t *llhttp, const char *at, std::size_t size) {
    state_of(llhttp).next_field.name.append(at, size);
    return 0;
  };
  settings.on_header_value = [](llhttp_t *llhttp, const char *at, std::size_t size) {
    state_of(llhttp).next_field.value.append(at, size);
    return 0;
  };
  settings.on_header_value_complete = [](llhttp_t *llhttp) { return state_of(llhttp).take_field(); };
  settings.on_headers_complete = [](llhttp_t *llhttp) { return state_of(llhttp).take_head(); };
  settings.on_message_complete = [](llhttp_t *llhttp) {
    state_of(llhttp).complete = true;
    return static_cast<int>(HPE_PAUSED);
  };
  return settings;
}

const llhttp_settings_t settings = make_settings();

} // namespace

message_parser::message_parser(kind what, const parse_limits &limits, bool response_has_body)
    : state_(std::make_unique<state>()) {
  state_->what = what;
  state_->limits = limits;
  state_->response_has_body = response_has_body;
  llhttp_init(&state_->llhttp, what == kind::request ? HTTP_REQUEST : HTTP_RESPONSE, &settings);
  state_->llhttp.data = state_.get();
}

message_parser::message_parser(message_parser &&) noexcept = default;
message_parser &message_parser::operator=(message_parser &&) noexcept = default;
message_parser::~message_parser() = default;

/// Gives how many bytes llhttp took until it had enough, was paused by a callback, or failed.
std::size_t message_parser::state::execute(std::string_view bytes) {
  const llhttp_errno_t result = llhttp_execute(&llhttp, bytes.data(), bytes.size());
  if (result == HPE_OK)
    return bytes.size();
  const char *stopped = llhttp_get_error_pos(&llhttp);
  if (result == HPE_PAUSED)
    llhttp_resume(&llhttp);
  else if (result != HPE_PAUSED_UPGRADE && !error)
    refuse(result == HPE_INVALID_VERSION ? 505 : 400, llhttp_get_error_reason(&llhttp));
  return static_cast<std::size_t>(stopped - bytes.data());
}

std::size_t message_parser::feed(std::string_view bytes) {
  state &s = *state_;
  if (s.error || s.complete)
    return 0;
  const bool in_head = !s.head_complete;
  if (in_head)
    bytes = bytes.substr(0, s.limits.head_bytes - s.head_bytes + 1);

  std::size_t used = s.execute(bytes);
  if (in_head && s.head_complete)
    used += s.execute(bytes.substr(used, 0)); // a message without a body ends here as well
  if (in_head) {
    s.head_bytes += used;
    s.check_folding(bytes.substr(0, used));
    if (s.head_bytes > s.limits.head_bytes && !s.error)
      s.refuse(431, "a head of more than " + std::to_string(s.limits.head_bytes) + " bytes");
  }
  return used;
}

void message_parser::feed_end() {
  state &s = *state_;
  if (s.error || s.complete)
    return;
  llhttp_finish(&s.llhttp);
  if (!s.complete)
    s.refuse(400, "the connection ended in the middle of the message");
}

bool message_parser::head_complete() const noexcept { return state_->head_complete && !state_->error; }
bool message_parser::complete() const noexcept { return state_->complete && !state_->error; }
const std::optional<parse_error> &message_parser::error() const noexcept { return state_->error; }

} // namespace detail

request_parser::request_parser(const parse_limits &limits) : message_parser(kind::request, limits, true) {}
request_head &request_parser::head() noexcept { return state_->request; }

response_parser::response_parser(std::string_view request_method, const parse_limits &limits)
    : message_parser(kind::response, limits, request_method != "HEAD") {}
response_head &response_parser::head() noexcept { return state_->response; }

} // namespace coroscope::http
