// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the file of a recording is made, grown and trimmed. Zeros are written before a block is mapped: a full disk is
// then an error here and not a SIGBUS at a store, and its pages are there, which stores would make one by one.
#include "recording_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coroscope::trace {
namespace {

using namespace format;

/// Out of the way of programs that print, count or select() their descriptors.
int move_up(int descriptor) noexcept {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t wanted = std::min<rlim_t>(1000, limit.rlim_cur / 2);
  const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, static_cast<int>(wanted));
  if (moved < 0)
    return descriptor;
  ::close(descriptor);
  return moved;
}

/// Whether the process made it, or `by_anyone` another one: before it became another program it may have recorded too.
bool holds_recording(int descriptor, bool by_anyone) noexcept {
  file_header header{};
  return pread(descriptor, &header, sizeof header, 0) == sizeof header && header.magic == file_magic &&
         (by_anyone || header.pid == static_cast<std::uint32_t>(getpid()));
}

/// Takes the lock that a recorder holds as long as it writes. Who asks whether one does shares it for a moment
/// (is_being_recorded), which is waited for.
bool take_lock(int descriptor) noexcept {
  constexpr int patience = 10'000;
  for (int attempt = 0; attempt < patience; ++attempt) {
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
      return true;
    if (flock(descriptor, LOCK_SH | LOCK_NB) != 0)
      return false; // a recorder's
    flock(descriptor, LOCK_UN);
    sched_yield();
  }
  return false;
}

/// A file that a recorder is writing, or wrote in this process, stays as it is; ours is FILE.PID then, or FILE.PID.2 …
/// where a process has several.
int open_unshared(const char *path, bool keeps_others) noexcept {
  char other[4096];
  for (int attempt = 0;; ++attempt) {
    const int descriptor = ::open(attempt == 0 ? path : other, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0)
      return descriptor;
    if (take_lock(descriptor) && !holds_recording(descriptor, keeps_others))
      return descriptor;
    ::close(descriptor);
    const int length =
        attempt == 0 ? std::snprintf(other, sizeof other, "%s.%d", path, static_cast<int>(getpid()))
                     : std::snprintf(other, sizeof other, "%s.%d.%d", path, static_cast<int>(getpid()), attempt + 1);
    if (length < 0 || static_cast<std::size_t>(length) >= sizeof other) {
      errno = ENAMETOOLONG;
      return -1;
    }
  }
}

std::uint32_t write_kinds(char *to, std::size_t size) noexcept {
  std::size_t used = 0;
  for (const kind_row &row : kind_rows)
    used += static_cast<std::size_t>(std::snprintf(to + used, size - used, "%u %s %s\n",
                                                   static_cast<unsigned>(row.number), row.name, row.arguments));
  return static_cast<std::uint32_t>(used);
}

std::uint64_t realtime_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

} // namespace

/// In blocks of 64 KiB where there is room for 16 of them, of less or more to make 16 to 1024 of them.
void recording_file::divide(std::uint64_t ring) noexcept {
  slot_size_ = 0, slots_ = 0, next_slot_ = 0;
  for (std::atomic<bool> &taken : slot_taken_)
    taken.store(false, std::memory_order_relaxed);
  if (ring == 0)
    return;
  const std::uint64_t wanted = std::max(std::min<std::uint64_t>(ring / 16, 64 * 1024), ring / most_slots);
  slot_size_ = std::max<std::uint64_t>((wanted + unit_ - 1) / unit_, 1) * unit_;
  slots_ = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(ring / slot_size_, 2, most_slots));
}

int recording_file::open(const char *path, std::uint64_t ring, bool keeps_others) noexcept {
  unit_ = static_cast<std::uint32_t>(std::max(4096L, sysconf(_SC_PAGESIZE)));
  descriptor_ = open_unshared(path, keeps_others);
  if (descriptor_ < 0)
    return errno;
  struct stat status{};
  const auto fail = [this](int error) {
    ::close(descriptor_);
    descriptor_ = -1;
    return error;
  };
  if (fstat(descriptor_, &status) != 0)
    return fail(errno);
  if (!S_ISREG(status.st_mode))
    return fail(EINVAL);
  if (ftruncate(descriptor_, 0) != 0)
    return fail(errno);
  descriptor_ = move_up(descriptor_);
  device_ = status.st_dev;
  inode_ = status.st_ino;
  void *memory = fill(0, unit_) ? map(0, unit_) : nullptr;
  if (memory == nullptr)
    return fail(errno);
  divide(ring);
  end_.store(unit_ + slots_ * slot_size_, std::memory_order_relaxed);

  header_ = static_cast<file_header *>(memory);
  header_->version = file_version;
  header_->unit = unit_;
  header_->pid = static_cast<std::uint32_t>(getpid());
  header_->start_realtime = realtime_ns();
  header_->ring = slots_ * slot_size_;
  header_->kinds_size = write_kinds(static_cast<char *>(memory) + sizeof(file_header), unit_ - sizeof(file_header));
  header_->magic = file_magic;
  return 0;
}

/// A program may close descriptors that it did not open, and the number then names another file.
bool recording_file::descriptor_is_ours() const noexcept {
  struct stat status{};
  return fstat(descriptor_, &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
}

bool recording_file::fill(std::uint64_t offset, std::uint64_t bytes) noexcept {
  static constexpr std::byte zeros[64 * 1024]{};
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && offset + bytes > limit.rlim_cur) { // SIGXFSZ otherwise
    errno = EFBIG;
    return false;
  }
  while (bytes != 0) {
    const ssize_t written =
        pwrite(descriptor_, zeros, std::min<std::uint64_t>(bytes, sizeof zeros), static_cast<off_t>(offset));
    if (written < 0 && errno != EINTR)
      return false;
    offset += static_cast<std::uint64_t>(std::max<ssize_t>(written, 0));
    bytes -= static_cast<std::uint64_t>(std::max<ssize_t>(written, 0));
  }
  return true;
}

block_header *recording_file::map(std::uint64_t offset, std::uint64_t capacity) noexcept {
  void *memory = mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, static_cast<off_t>(offset));
  if (memory == MAP_FAILED)
    return nullptr;
#if defined(MADV_POPULATE_WRITE)
  madvise(memory, capacity, MADV_POPULATE_WRITE); // where the kernel cannot, each first store to a page does it
#endif
  return static_cast<block_header *>(memory);
}

/// What was in the block is gone before anything of the new one is there.
void recording_file::begin(block_header *block, const block_header &header) noexcept {
  std::atomic_ref(block->committed).store(0, std::memory_order_release);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const std::uint32_t magic = block->magic;
  *block = header;
  block->magic = magic;
  block->os_thread = static_cast<std::uint32_t>(gettid());
  block->sequence = 1 + sequence_.fetch_add(1, std::memory_order_relaxed);
  std::atomic_ref(block->magic).store(block_magic, std::memory_order_release);
}

block_header *recording_file::take_slot(std::uint32_t owner, clock_pair start) noexcept {
  for (std::uint32_t attempt = 0; attempt < slots_; ++attempt) {
    const std::uint64_t ticket = next_slot_.fetch_add(1, std::memory_order_relaxed);
    const auto slot = static_cast<std::uint32_t>(ticket % slots_);
    if (slot_taken_[slot].exchange(true, std::memory_order_acquire))
      continue;
    const std::uint64_t offset = unit_ + slot * slot_size_;
    const bool is_there = ticket >= slots_ || fill(offset, slot_size_);
    block_header *block = is_there ? map(offset, slot_size_) : nullptr;
    if (block == nullptr) {
      slot_taken_[slot].store(false, std::memory_order_release);
      return nullptr;
    }
    std::atomic_ref(header_->overwritten).fetch_add(block->events, std::memory_order_relaxed);
    begin(block, {0, block_kind::events, slot_size_, 0, start, owner, 0, {}, 0, 0, slot});
    return block;
  }
  errno = EAGAIN;
  return nullptr;
}

block_header *recording_file::take_block(block_kind kind, std::uint64_t bytes, std::uint32_t owner,
                                         clock_pair start) noexcept {
  if (!descriptor_is_ours()) {
    errno = EBADF;
    return nullptr;
  }
  if (kind == block_kind::events && slots_ != 0)
    return take_slot(owner, start);
  const std::uint64_t capacity = (bytes + unit_ - 1) / unit_ * unit_;
  const std::uint64_t offset = end_.fetch_add(capacity, std::memory_order_relaxed);
  block_header *block = fill(offset, capacity) ? map(offset, capacity) : nullptr;
  if (block != nullptr)
    begin(block, {0, kind, capacity, 0, start, owner, 0, {}, 0, 0, no_slot});
  return block;
}

void recording_file::release(block_header *block) noexcept {
  const std::uint32_t slot = block->slot;
  munmap(block, block->capacity);
  if (slot < slots_)
    slot_taken_[slot].store(false, std::memory_order_release);
}

void recording_file::trim(block_header *block) noexcept {
  const std::uint64_t used = (sizeof(block_header) + block->committed + unit_ - 1) / unit_ * unit_;
  const std::uint64_t spare = block->capacity - used;
  const std::uint64_t end = end_.load(std::memory_order_relaxed);
  struct stat status{};
  if (spare == 0 || block->slot != no_slot || !descriptor_is_ours() || fstat(descriptor_, &status) != 0 ||
      static_cast<std::uint64_t>(status.st_size) != end)
    return;
  // The block is the last one exactly if the end of the file is its end: ask the file, through its last block header.
  block_header last{};
  if (pread(descriptor_, &last, sizeof last, static_cast<off_t>(end - block->capacity)) != sizeof last ||
      std::memcmp(&last, block, sizeof last) != 0)
    return;
  block->capacity = used;
  munmap(reinterpret_cast<char *>(block) + used, spare);
  if (ftruncate(descriptor_, static_cast<off_t>(end - spare)) == 0)
    end_.store(end - spare, std::memory_order_relaxed);
}

void recording_file::abandon() noexcept {
  if (descriptor_ >= 0 && descriptor_is_ours())
    ::close(descriptor_);
  descriptor_ = -1;
  if (header_ != &nowhere_)
    munmap(header_, unit_);
  header_ = &nowhere_;
}

} // namespace coroscope::trace
