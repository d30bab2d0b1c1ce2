# SPDX-License-Identifier: ISC
"""tools/check-layers reports every kind of wrong arrow, and finds none in this tree."""
import unittest

from planted import Planted


class Layers(Planted):
    tool = "check-layers"

    def test_the_tree_keeps_to_its_arrows(self):
        self.holds_here()

    def test_a_sound_tree_passes(self):
        self.passes({})

    def test_an_arrow_that_is_not_there_is_reported(self):
        self.reports({"src/crypto/up.c": '#include "ot/ot.h"\n'},
                     "src/crypto/up.c:1: crypto may not include ot")

    def test_an_arrow_out_of_the_relay_is_reported(self):
        self.reports({"relay/reads.c": '\n#include "crypto/hash.h"\n'},
                     "relay/reads.c:2: relay may not include crypto")

    def test_the_public_header_has_an_arrow_of_its_own(self):
        self.reports({"src/ot/api.c": '#include "tacit/tacit.h"\n'}, "ot may not include tacit")

    def test_an_unknown_room_is_reported(self):
        self.reports({"src/attic/old.c": "int x;\n"}, "attic is not a room")

    def test_a_file_in_no_room_is_reported(self):
        self.reports({"src/stray.c": "int x;\n"}, "this place is not a room")

    def test_an_include_that_leads_nowhere_is_reported(self):
        self.reports({"src/ot/lost.c": '#include "ot/none.h"\n'}, "is in no room")

    def test_a_library_in_the_wrong_room_is_reported(self):
        self.reports({"relay/keys.c": "#include <sodium.h>\n"}, "may not use the library <sodium.h>")
        self.reports({"src/ot/net.c": "#include <libwebsockets.h>\n"}, "may not use the library")

    def test_an_arrow_that_points_down_is_reported(self):
        self.reports({"src/LAYERS": "base: ot\not:\ncrypto: base\nrelay:\ncli: tacit\n"},
                     "src/LAYERS:1: base points at ot")

    def test_an_include_in_a_comment_is_none(self):
        self.passes({"src/base/note.c": '/*\n#include "ot/ot.h"\n*/\n'})


if __name__ == "__main__":
    unittest.main()
