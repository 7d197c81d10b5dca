// SPDX-License-Identifier: LGPL-2.1-or-later
// The archive of ring-3 programs, carried in the kernel image: left out of the images that get it as a boot module.

    .section .initramfs, "a"
    .incbin "initramfs.cpio"
