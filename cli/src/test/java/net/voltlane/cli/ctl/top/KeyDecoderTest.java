package net.voltlane.cli.ctl.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyDecoderTest {

    @ParameterizedTest
    @CsvSource({
        "q,QUIT",
        "Q,QUIT",
        "s,SORT",
        "p,PAUSE",
        "x,OTHER",
        "^[A,UP",
        "^[B,DOWN",
        "^OA,UP",
        "^OB,DOWN",
        "^[C,OTHER",
        "^[1;2A,UP",
        "^[5~,OTHER",
        "^q,QUIT",
        "^^[A,UP",
        "^[Aq^[Bs,UP QUIT DOWN SORT",
    })
    void bytesAreKeys(String typed, String keys) {
        KeyDecoder decoder = new KeyDecoder();
        List<Key> pressed = new ArrayList<>();
        for (int i = 0; i < typed.length(); i++) {
            char c = typed.charAt(i);
            Key key = decoder.key(c == '^' ? 0x1B : c);
            if (key != null) {
                pressed.add(key);
            }
        }

        assertThat(pressed)
                .isEqualTo(Arrays.stream(keys.split(" ")).map(Key::valueOf).toList());
    }
}
