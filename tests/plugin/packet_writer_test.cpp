// SPDX-License-Identifier: LGPL-2.1-or-later
// The writer's thread: nothing lost, nothing reordered, errors told, however fast either side is.
#include "bochs-plugin/packet_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "temporary_directory.hpp"
#include "../seed.hpp"

namespace plugin {
namespace {

class PacketWriterTest : public testing::Test {
protected:
    void open(const std::string& to) { ASSERT_TRUE(file.open(to)); }
    bool put(const std::string& text) {
        packet->bytes = text.copy(reinterpret_cast<char*>(packet->content), sizeof packet->content);
        return writer.take(packet);
    }
    // A pipe as the file: the writer stands still until somebody reads.
    int open_pipe() {
        const std::string pipe = directory / "pipe";
        EXPECT_EQ(mkfifo(pipe.c_str(), 0600), 0);
        const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        EXPECT_TRUE(file.open(pipe));
        fcntl(reader, F_SETFL, 0);
        return reader;
    }
    static std::string read_all(int fd) {
        std::string text;
        char some[4096];
        for (ssize_t n; (n = read(fd, some, sizeof some)) > 0;) text.append(some, static_cast<size_t>(n));
        return text;
    }

    TemporaryDirectory directory;
    const std::string path = directory / "cpu0";
    TraceFile file;
    PacketWriter writer{file};
    std::unique_ptr<Packet> packet = std::make_unique<Packet>();
};

TEST_F(PacketWriterTest, WritesEveryPacketInOrder) {
    open(path);
    writer.start();
    std::mt19937_64 random{tests::seed()};
    std::string expected;
    for (int n = 0; n < 2000; ++n) {
        const std::string text = std::to_string(n) + std::string(random() % 5000, static_cast<char>('a' + n % 26));
        expected += text;
        ASSERT_TRUE(put(text));
        if (random() % 64 == 0) std::this_thread::yield();
    }
    EXPECT_TRUE(writer.finish());
    EXPECT_TRUE(writer.finish()) << "again";
    EXPECT_TRUE(contents_of(path) == expected);
    EXPECT_EQ(file.size(), expected.size());
}

TEST_F(PacketWriterTest, AFullQueueMakesTheEmulationWait) {
    const int reader = open_pipe();
    writer.start();
    const std::string text(mm::trace::max_packet_bytes, 'p');  // a pipe holds one
    std::atomic<int> taken{0};
    std::thread emulation{[&] {
        for (int n = 0; n < 100; ++n, ++taken) EXPECT_TRUE(put(text));
    }};
    while (taken < static_cast<int>(PacketWriter::depth)) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    EXPECT_LE(taken, static_cast<int>(PacketWriter::depth) + 2) << "the queue, one in the pipe, one being written";
    std::string got;
    std::thread disk{[&] { got = read_all(reader); }};
    emulation.join();
    EXPECT_TRUE(writer.finish());
    EXPECT_TRUE(file.close());
    disk.join();
    EXPECT_EQ(got.size(), 100 * text.size()) << "none is dropped";
    close(reader);
}

TEST_F(PacketWriterTest, TellsOfAFullDiskWithinTheQueuesDepth) {
    open("/dev/full");
    writer.start();
    size_t accepted = 0;
    while (accepted < 1000 && put("packet")) ++accepted;
    EXPECT_LE(accepted, PacketWriter::depth + 1);
    EXPECT_EQ(file.error(), "/dev/full: No space left on device");
    EXPECT_FALSE(put("packet")) << "nothing after a gap";
    EXPECT_FALSE(writer.finish());
}

TEST_F(PacketWriterTest, TellsOfTheLastPacketsFailure) {
    open("/dev/full");
    writer.start();
    EXPECT_TRUE(put("packet")) << "not written yet";
    EXPECT_FALSE(writer.finish());
    EXPECT_EQ(file.error(), "/dev/full: No space left on device");
    EXPECT_FALSE(writer.finish()) << "again";
}

TEST_F(PacketWriterTest, WritesItselfWithoutItsThread) {
    open(path);
    EXPECT_TRUE(put("at once"));
    EXPECT_EQ(contents_of(path), "at once");
    EXPECT_TRUE(writer.finish());
}

TEST_F(PacketWriterTest, LeavesSignalsToTheEmulation) {
    static pthread_t handled_by;
    static volatile sig_atomic_t handled;
    handled = 0;
    signal(SIGUSR1, [](int) { handled_by = pthread_self(), handled = 1; });
    open(path);
    writer.start();
    sigset_t usr1, before;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &usr1, &before);
    kill(getpid(), SIGUSR1);  // to whichever thread takes it
    for (int n = 0; n < 50; ++n) EXPECT_TRUE(put("packet"));
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    EXPECT_FALSE(handled) << "the emulation blocks it, and the writer has not taken it";
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    EXPECT_TRUE(handled && pthread_equal(handled_by, pthread_self()));
    signal(SIGUSR1, SIG_DFL);
}

// As when Bochs starts a network script that is not there: the child ends by exit(), which destroys the recording's copy.
TEST_F(PacketWriterTest, AForkedChildLeavesItAlone) {
    open(path);
    auto* const forked = new PacketWriter{file};
    forked->start();
    packet->bytes = 1;
    EXPECT_TRUE(forked->take(packet));
    std::this_thread::sleep_for(std::chrono::milliseconds{10});  // the thread waits for the next one
    const pid_t child = fork();
    if (child == 0) {
        alarm(10);
        delete forked;
        _exit(7);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << "status " << status;
    packet->bytes = 1;
    EXPECT_TRUE(forked->take(packet)) << "the parent goes on";
    EXPECT_TRUE(forked->finish());
    EXPECT_EQ(file.size(), 2u);
    delete forked;
}

}  // namespace
}  // namespace plugin
