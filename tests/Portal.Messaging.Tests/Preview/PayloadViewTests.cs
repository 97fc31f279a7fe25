using System.Text;
using CsCheck;
using Portal.Messaging.Preview;

namespace Portal.Messaging.Tests.Preview;

public sealed class PayloadViewTests
{
    [Fact]
    public void Json_is_indented_with_every_token_as_it_was_sent()
    {
        var view = View("""{"n":1.10000,"big":12345678901234567890123,"e":1E+2,"s":"\u00e9\/é","a":[],"o":{},"l":[1,[2]],"n":null}""");

        Assert.Equal(PayloadKind.Json, view.Kind);
        Assert.Equal(
            """
            {
              "n": 1.10000,
              "big": 12345678901234567890123,
              "e": 1E+2,
              "s": "\u00e9\/é",
              "a": [],
              "o": {},
              "l": [
                1,
                [
                  2
                ]
              ],
              "n": null
            }
            """.ReplaceLineEndings("\n"),
            view.Json);
    }

    [Theory]
    [InlineData("", PayloadKind.Empty)]
    [InlineData("{}", PayloadKind.Json)]
    [InlineData(" [1] ", PayloadKind.Json)]
    [InlineData("71.4", PayloadKind.Text)]
    [InlineData("{\"a\":1} x", PayloadKind.Text)]
    [InlineData("{\"a\":01}", PayloadKind.Text)]
    [InlineData("Grüße\r\n\tan alle", PayloadKind.Text)]
    [InlineData("\u0001\u0002", PayloadKind.Binary)]
    public void The_form_that_opens_first_fits_the_payload(string payload, PayloadKind kind) => Assert.Equal(kind, View(payload).Kind);

    [Fact]
    public void Bytes_that_are_no_text_are_binary()
    {
        var view = new PayloadView(Messages.Mqtt("t", [0xa1, 0x03, 0x62]).InPreview());

        Assert.Equal(PayloadKind.Binary, view.Kind);
        Assert.Null(view.Text);
        Assert.Null(view.Json);
        Assert.Null(new PayloadView(Messages.Mqtt("t", [(byte)'"', 0xff, (byte)'"']).InPreview()).Json);
    }

    [Fact]
    public void Hexadecimal_shows_offset_bytes_and_characters()
    {
        var bytes = Enumerable.Range(0x18, 18).Select(i => (byte)i).ToArray();

        Assert.Equal(
            "00000000   18 19 1a 1b 1c 1d 1e 1f  20 21 22 23 24 25 26 27  |........ !\"#$%&'|\n"
            + "00000010   28 29                                             |()|\n",
            new PayloadView(Messages.Mqtt("t", bytes).InPreview()).Hex);
    }

    [Fact]
    public void A_cut_payload_shows_what_is_there()
    {
        var whole = "{\"name\":\"Größe\",\"values\":[1,2,345"u8.ToArray();
        var view = new PayloadView(Messages.Mqtt("t", whole).InPreview(size: 100_000));

        Assert.True(view.Truncated);
        Assert.Equal(100_000, view.Size);
        Assert.Equal("{\n  \"name\": \"Größe\",\n  \"values\": [\n    1,\n    2", view.Json);

        var inCharacter = new PayloadView(Messages.Mqtt("t", Messages.Bytes("Grö")[..3]).InPreview(size: 100));
        Assert.Equal("Gr", inCharacter.Text);
        Assert.Null(new PayloadView(Messages.Mqtt("t", Messages.Bytes("Grö")[..3]).InPreview()).Text);
    }

    [Fact]
    public void Deep_nesting_does_not_blow_up()
    {
        var deep = new string('[', 200) + string.Join(',', Enumerable.Repeat("1", 30_000)) + new string(']', 200);

        Assert.InRange(View(deep).Json!.Length, 1_000_000, 1_100_000);
        Assert.Null(View(new string('[', 30_000) + new string(']', 30_000)).Json);
    }

    [Theory]
    [InlineData("a\r\n\tb", 200, "a   b")]
    [InlineData("0123456789", 4, "0123")]
    [InlineData("😀😀😀", 3, "😀")]
    [InlineData("ééééé", 2, "éé")]
    public void A_line_is_short_and_on_one_line(string payload, int most, string line) =>
        Assert.Equal(line, PayloadView.Line(Messages.Mqtt("t", payload), most));

    [Fact]
    public void A_line_of_binary_is_hexadecimal() =>
        Assert.Equal("8F 02 B1", PayloadView.Line(Messages.Mqtt("t", [0x8f, 0x02, 0xb1, 0x77]), 9));

    [Fact]
    public void Any_bytes_have_every_view() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[0, 60], Gen.String.Select(Encoding.UTF8.GetBytes)), Gen.Bool).Sample(
            (bytes, cut) =>
            {
                var message = Messages.Mqtt("t", bytes).InPreview(cut ? bytes.Length + 7 : null);
                var view = new PayloadView(message);
                Assert.InRange((int)view.Kind, 0, 3);
                Assert.Equal((bytes.Length + 15) / 16, view.Hex.Count(c => c == '\n'));
                Assert.DoesNotContain('\n', PayloadView.Line(message.Message));
                Assert.DoesNotContain('\n', MessageJson.ToText(message));
            },
            iter: 5000);

    private static PayloadView View(string payload) => new(Messages.Mqtt("t", payload).InPreview());
}
