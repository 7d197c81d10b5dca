// SPDX-License-Identifier: LGPL-2.1-or-later
// A saved boot: what `record --save` makes and `record --resume-from` takes.
//
//   DIR/saved.json   what the machine is, its medium, and hashes    DIR/machine/    Bochs' own state, a file for each part and the memory
//   DIR/published    what the guest had said (the plugin's)         DIR/media/      our kernel's CD and floppy; a user's image stays where it is
//   DIR/boot/        the run up to there, if nothing was recorded   DIR/System.map  that of a Linux guest, if it was given
#pragma once

#include "bochsrc.hpp"
#include "recorder.hpp"

namespace tools {

inline constexpr char saved_boot_file[] = "saved.json";

struct SavedBoot {
    RecordOptions options;            // those of the machine: split, paging, memory_mib, cpu_model, image, workload, initramfs, append, zones, system_map
    std::string mark;                 // where it was saved
};

// Throws InputError if the options ask for what cannot be saved, or if something else is in the directory.
void check_save(const RecordOptions& options);

// Makes the directory, or empties it of the former boot. The plugin is told to save into it.
void prepare_save(const std::filesystem::path& directory);

// Completes it once Bochs has saved the machine and ended. Throws Failure.
void complete_save(const RecordOptions& options, const MachineOptions& machine);

// Throws InputError if the directory is no saved boot, if it or the machine's medium has changed since, or if this is another Bochs.
[[nodiscard]] SavedBoot read_saved_boot(const std::filesystem::path& directory);

// The machine's media, in `scratch` where the guest may write to them.
void restore_media(const std::filesystem::path& directory, MachineOptions& machine, const std::filesystem::path& scratch);

// A directory for `bochs -r`, with this configuration.
[[nodiscard]] std::filesystem::path restore_directory(const std::filesystem::path& saved, const std::string& bochsrc, const std::filesystem::path& scratch);

}  // namespace tools
