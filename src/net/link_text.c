/* SPDX-License-Identifier: ISC */
#include "net/link_text.h"

#include <stdio.h>
#include <string.h>

void tct_fault_text(tct_fault fault, const char *place, char out[TCT_FAULT_TEXT_MAX])
{
    static const struct {
        const char *before, *after;
    } sentences[] = {
        [TCT_FAULT_NAME] = {"The name of the relay, ",
                            ", cannot be found. Is it spelled right, and are you online?"},
        [TCT_FAULT_CLOSED] = {"Nobody answers at ",
                              ". Is the relay running there, and are you online?"},
        [TCT_FAULT_SILENT] = {"The relay at ", " did not answer in time."},
        [TCT_FAULT_HUNG_UP] = {"",
                               " took the call and hung up at once. Is it a tacit relay, and "
                               "should the address begin with https:// instead of http://?"},
        [TCT_FAULT_CERTIFICATE] = {"", " could not show that it is the one it says it is: this "
                                       "device does not trust its certificate."},
        [TCT_FAULT_TLS] = {"No protected line to ",
                           " came about. Should the address begin with http:// instead?"},
        [TCT_FAULT_LOST] = {"The line to the relay at ", " was lost."},
        [TCT_FAULT_STRANGER] = {"Something answers at ", ", but it is not a tacit relay."},
        [TCT_FAULT_MEMORY] = {"Not enough memory for the line to ", "."},
    };
    snprintf(out, TCT_FAULT_TEXT_MAX, "%s%s%s", sentences[fault].before, place,
             sentences[fault].after);
}

tct_fault tct_fault_of(const char *said, bool reached)
{
    if (said == NULL)
        return TCT_FAULT_CLOSED;
    if (strncmp(said, "HS: ", 4) == 0 || strstr(said, "parsing") != NULL)
        return TCT_FAULT_STRANGER;
    if (strstr(said, "SSL") != NULL || strstr(said, "cert") != NULL)
        return strstr(said, "Timed out") != NULL ? TCT_FAULT_SILENT : TCT_FAULT_TLS;
    return reached ? TCT_FAULT_HUNG_UP : TCT_FAULT_CLOSED;
}

const char *tct_link_refusal(int reason)
{
    switch (reason) {
    case TCT_RELAY_NO_ROOM:
        return "There is no open question under this number. It may be over, or the number is "
               "another one.";
    case TCT_RELAY_FULL:
        return "Two people are already there under this number.";
    case TCT_RELAY_BUSY:
        return "The relay has too much to do at the moment. Try again in a while.";
    case TCT_RELAY_OLD:
        return "The relay and this program are of different versions. Update the older one.";
    case TCT_RELAY_TOO_LARGE:
        return "This was more than the relay takes at once.";
    case TCT_RELAY_IDLE:
        return "Nothing happened for a long time, so the relay ended it.";
    case TCT_RELAY_CLOSING:
        return "The relay is being shut down.";
    case TCT_RELAY_TOO_FAST:
        return "That was too much in too short a time for the relay. Try again in a while.";
    case TCT_RELAY_MALFORMED:
        return "The relay did not understand this program. Are both up to date?";
    default:
        return "The relay declined, for a reason that this program does not know.";
    }
}
