// SPDX-License-Identifier: LGPL-2.1-or-later
// A recording that can be watched: where its socket is, and the viewer that `record --gui` opens beside the guest's screen.
#pragma once

#include "recorder.hpp"

namespace tools {

// The socket of a recording that serves viewers, absolute: as the user gave it, or inside the trace directory, or, where that path is too long
// for a socket, in XDG_RUNTIME_DIR. Empty: it serves none. Throws InputError if no place will do.
[[nodiscard]] std::filesystem::path live_socket(const RecordOptions& o);

// Opens a viewer once the recording's socket is there. It is nobody's child: it stays when the recording ends, and the recording goes on
// without it.
class ViewerStarter final {
public:
    // To be made before the recording starts: a file that is there already is a dead run's.
    explicit ViewerStarter(const RecordOptions& o);
    // To be called now and then.
    void look();

private:
    std::filesystem::path socket_;  // empty: nothing more to do
    std::filesystem::path log_;     // the trace directory
    std::string former_;            // which file was there
};

}  // namespace tools
