// SPDX-License-Identifier: LGPL-2.1-or-later
// One viewer's connection: what is kept for it stays small, however slowly it reads.
#include "bochs-plugin/live_viewer.h"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace plugin {
namespace {

class LiveViewerTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0); }
    void TearDown() override { close(ends[0]); }
    // Reads so many bytes at the most.
    size_t read_some(size_t most) {
        std::string bytes(most, 0);
        const ssize_t count = recv(ends[0], bytes.data(), most, MSG_DONTWAIT);
        return count > 0 ? static_cast<size_t>(count) : 0;
    }

    const LiveHello hello{"/trace", 64, 50000000, 1, {"p6"}, {}};
    int ends[2];
};

TEST_F(LiveViewerTest, KeepsNothingOfWhatWasSent) {
    LiveViewer viewer{ends[1], 0, hello};
    const std::string snapshot(1 << 20, 'x');  // more than the socket takes
    viewer.say(snapshot);
    ASSERT_FALSE(viewer.idle());
    size_t read = 0, most_kept = 0;
    for (int n = 0; n < 2000; ++n) {  // it is read from so slowly that it is never idle
        read += read_some(4096);
        viewer.say(std::string(4096, 'y'));
        ASSERT_FALSE(viewer.idle());
        most_kept = std::max(most_kept, viewer.kept());
    }
    EXPECT_GT(read, 4 * snapshot.size());
    EXPECT_LT(most_kept, 2 * snapshot.size()) << "what waits, and not what is gone";
}

TEST_F(LiveViewerTest, ComplaintsToOneThatDoesNotReadHaveAnEnd) {
    LiveViewer viewer{ends[1], 0, hello};
    viewer.say(std::string(1 << 20, 'x'));
    const size_t before = viewer.kept();
    for (int n = 0; n < 2000; ++n) {
        ASSERT_EQ(send(ends[0], "nonsense\n", 9, MSG_NOSIGNAL), 9);
        viewer.hear(hello), viewer.refresh();
    }
    EXPECT_LE(viewer.kept(), before + LiveViewer::longest_notices);
}

}  // namespace
}  // namespace plugin
