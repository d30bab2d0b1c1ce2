/* SPDX-License-Identifier: ISC
 *
 * Addresses as people write them.
 */
#include "net/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void urls_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *host, *place;
        bool tls, numeric6;
        uint16_t port;
    } good[] = {
        {"ws://relay.example", "relay.example", "relay.example", false, false, 80},
        {"wss://relay.example", "relay.example", "relay.example", true, false, 443},
        {"http://relay.example/", "relay.example", "relay.example", false, false, 80},
        {"HTTPS://Relay.Example", "Relay.Example", "Relay.Example", true, false, 443},
        {"http://127.0.0.1:4710/relay", "127.0.0.1", "127.0.0.1:4710", false, false, 4710},
        {"ws://[::1]:65535", "::1", "[::1]:65535", false, true, 65535},
        {"wss://[2001:db8::7]", "2001:db8::7", "[2001:db8::7]", true, true, 443},
        {"https://a-b_c.example:443?x#y", "a-b_c.example", "a-b_c.example", true, false, 443},
        {"http://relay.example#7-lantern-harbor", "relay.example", "relay.example", false,
         false, 80},
        {"https://relay.example:80", "relay.example", "relay.example:80", true, false, 80},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        tct_url url;
        char error[160], place[TCT_URL_PLACE_MAX];
        assert_true(tct_url_read(good[i].text, &url, error));
        assert_string_equal(url.host, good[i].host);
        assert_int_equal(url.port, good[i].port);
        assert_int_equal(url.tls, good[i].tls);
        assert_int_equal(url.numeric6, good[i].numeric6);
        tct_url_place(&url, place);
        assert_string_equal(place, good[i].place);
    }
}

static void what_is_no_url_is_explained(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "begin with"},
        {"relay.example", "begin with"},
        {"ftp://relay.example", "begin with"},
        {"ws:/relay.example", "begin with"},
        {"ws://", "no host"},
        {"ws://:80", "no host"},
        {"ws:///relay", "no host"},
        {"ws://[", "no host"},
        {"ws://[::1", "brackets"},
        {"ws://[::g]", "brackets"},
        {"ws://::1", "no host"},
        {"ws://relay.example:", "number"},
        {"ws://relay.example:x", "number"},
        {"ws://relay.example:65536", "number"},
        {"ws://relay.example:123456789012345678901", "number"},
        {"ws://relay.example:0", "Port 0"},
        {"ws://relay.example:80x", "does not belong"},
        {"ws://me@relay.example", "user name"},
        {"ws://relay.example:80@other.example", "user name"},
        {"ws://relay example", "does not belong"},
        {"ws://relay.example\n", "does not belong"},
        {"ws://r\xc3\xa9lay.example", "does not belong"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tct_url url;
        char error[160] = "";
        assert_false(tct_url_read(bad[i].text, &url, error));
        if (strstr(error, bad[i].says) == NULL)
            fail_msg("%s: %s", bad[i].text, error);
    }
}

static void a_host_may_be_so_long(void **state)
{
    (void)state;
    for (size_t length = TCT_URL_HOST_MAX - 1; length <= TCT_URL_HOST_MAX; length++) {
        tct_url url;
        char text[TCT_URL_HOST_MAX + 8] = "ws://", error[160] = "";
        memset(text + 5, 'a', length);
        text[5 + length] = '\0';
        assert_int_equal(tct_url_read(text, &url, error), length < TCT_URL_HOST_MAX);
    }
}

static void places_to_listen_are_read(void **state)
{
    (void)state;
    char host[TCT_URL_HOST_MAX], error[160];
    uint16_t port;
    assert_true(tct_url_read_listen("127.0.0.1:0", host, &port, error));
    assert_string_equal(host, "127.0.0.1");
    assert_int_equal(port, 0);
    assert_true(tct_url_read_listen("[::]:443", host, &port, error));
    assert_string_equal(host, "::");
    assert_int_equal(port, 443);
    static const char *const bad[] = {"",        "80",        ":80",     "127.0.0.1",
                                      "a:b",     "a:80:90",   "[::1]80", "::1:80",
                                      "a:65536", "a:80/path", "[::1]:"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        error[0] = '\0';
        assert_false(tct_url_read_listen(bad[i], host, &port, error));
        assert_true(strlen(error) > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_read),
        cmocka_unit_test(what_is_no_url_is_explained),
        cmocka_unit_test(a_host_may_be_so_long),
        cmocka_unit_test(places_to_listen_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
