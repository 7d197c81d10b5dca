// SPDX-License-Identifier: LGPL-2.1-or-later
// The socket's file: whose it is, who may use it, what it replaces, and that it goes.
#include "bochs-plugin/live_socket.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "live_client.hpp"
#include "temporary_directory.hpp"

namespace plugin {
namespace {

bool exists(const std::string& path) {
    struct stat status {};
    return lstat(path.c_str(), &status) == 0;
}
unsigned rights(const std::string& path) {
    struct stat status {};
    return lstat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

class LiveSocketTest : public testing::Test {
protected:
    TemporaryDirectory directory;
    const std::string path = directory / "live";
};

TEST_F(LiveSocketTest, TakesConnectionsAndGoesAtTheEnd) {
    LiveSocket socket;
    EXPECT_EQ(socket.accept(), LiveSocket::nobody) << "nothing is there yet";
    ASSERT_EQ(socket.listen(path), "");
    EXPECT_EQ(socket.accept(), LiveSocket::nobody) << "it does not wait";
    LiveClient client{path};
    EXPECT_TRUE(client.connected());
    const int descriptor = socket.accept();
    EXPECT_GE(descriptor, 0);
    close(descriptor);
    socket.close();
    EXPECT_FALSE(exists(path));
}

TEST_F(LiveSocketTest, OnlyItsOwnerMayUseItFromTheFirstMoment) {
    const mode_t before = umask(0);
    std::atomic<bool> done{false};
    std::atomic<unsigned> seen{0}, wrong{0};
    std::thread observer{[&] {
        while (!done)
            if (const unsigned now = rights(path)) ++seen, wrong += now != 0600;
    }};
    for (int n = 0; n < 2000 || (seen == 0 && n < 200000); ++n) {
        LiveSocket socket;
        ASSERT_EQ(socket.listen(path), "");
        ASSERT_EQ(rights(path), 0600u);
    }
    done = true;
    observer.join();
    umask(before);
    EXPECT_GT(seen, 0u);
    EXPECT_EQ(wrong, 0u);
}

TEST_F(LiveSocketTest, LeavesOtherFilesAlone) {
    std::ofstream{path} << "letter";
    LiveSocket socket;
    EXPECT_NE(socket.listen(path).find("is no socket, so it is left alone"), std::string::npos);
    EXPECT_EQ(contents_of(path), "letter");
    std::filesystem::create_symlink(directory / "nowhere", directory / "link");
    EXPECT_NE(socket.listen(directory / "link"), "") << "a link is not followed";
    EXPECT_FALSE(exists(directory / "nowhere"));
}

TEST_F(LiveSocketTest, LeavesASocketThatSomebodyListensToAlone) {
    LiveSocket first, second;
    ASSERT_EQ(first.listen(path), "");
    EXPECT_NE(second.listen(path).find("another recording listens there"), std::string::npos);
    EXPECT_TRUE(LiveClient{path}.connected());
}

TEST_F(LiveSocketTest, ReplacesADeadRunsSocket) {
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(dead, 1), 0);
    ::close(dead);
    ASSERT_TRUE(exists(path));
    EXPECT_FALSE(LiveClient{path}.connected());
    LiveSocket socket;
    EXPECT_EQ(socket.listen(path), "");
    EXPECT_TRUE(LiveClient{path}.connected());
}

TEST_F(LiveSocketTest, RemovesNobodyElsesFile) {
    LiveSocket socket;
    ASSERT_EQ(socket.listen(path), "");
    std::filesystem::remove(path);
    std::ofstream{path} << "letter";
    socket.close();
    EXPECT_TRUE(exists(path));
}

TEST_F(LiveSocketTest, SaysWhatAPathMustBe) {
    LiveSocket socket;
    const std::string longest = directory / std::string(LiveSocket::longest_path - (directory / "").size(), 'x');
    EXPECT_EQ(longest.size(), 107u);
    EXPECT_EQ(socket.listen(longest), "");
    socket.close();
    EXPECT_NE(socket.listen(longest + "x").find("has at most 107 bytes, and this has 108"), std::string::npos);
    EXPECT_NE(socket.listen(directory / "missing/live").find("the socket cannot be made there: No such file"), std::string::npos);
}

}  // namespace
}  // namespace plugin
