using Portal.Components.Shared;

namespace Portal.Tests.Ui;

public sealed class CodeTokensTests
{
    [Theory]
    [InlineData("kind: DataflowEndpoint", "yk:kind|: |yw:DataflowEndpoint")]
    [InlineData("    host: mqtt.line3.example:8883", "    |yk:host|: |ys:mqtt.line3.example:8883")]
    [InlineData("    qos: 1", "    |yk:qos|: |yn:1")]
    [InlineData("  retain: true", "  |yk:retain|: |yw:true")]
    [InlineData("spec:", "yk:spec|:")]
    [InlineData("  - name: a", "  - |yk:name|: |ys:a")]
    [InlineData("  - orders", "  - |ys:orders")]
    [InlineData("host: a # why", "yk:host|: |ys:a |yc:# why")]
    [InlineData("---", "yc:---")]
    public void Yaml(string line, string expected) => Check(line, CodeLanguage.Yaml, expected);

    [Theory]
    [InlineData("""  "qos": 1,""", """  |yk:"qos"|: |yn:1|,""")]
    [InlineData("""  "mode": "Enabled" """, """  |yk:"mode"|: |yw:"Enabled"| """)]
    [InlineData("""  "host": "a:1", "tls": true""", """  |yk:"host"|: |ys:"a:1"|, |yk:"tls"|: |yw:true""")]
    public void Json(string line, string expected) => Check(line, CodeLanguage.Json, expected);

    [Theory]
    [InlineData("param name string = 'x'", "yw:param| name string = |ys:'x'")]
    [InlineData("  host: 'a:1' // note", "  |yk:host|: |ys:'a:1'| |yc:// note")]
    [InlineData("  mode: 'Enabled'", "  |yk:mode|: |yw:'Enabled'")]
    [InlineData("resource e 'Microsoft.X/y@2024-11-01' existing = {", "yw:resource| e |ys:'Microsoft.X/y@2024-11-01'| |yw:existing| = {")]
    public void Bicep(string line, string expected) => Check(line, CodeLanguage.Bicep, expected);

    [Theory]
    [InlineData("az iot ops dataflow endpoint create --name 'a b' \\", "yw:az| iot ops dataflow endpoint create |yk:--name| |ys:'a b'| |yc:\\")]
    [InlineData("# a note", "yc:# a note")]
    public void Shell(string line, string expected) => Check(line, CodeLanguage.Shell, expected);

    [Fact]
    public void A_block_scalar_is_text_until_the_indent_ends()
    {
        var lines = CodeTokens.Lines("ca.crt: |\n  key: value\n\n  more\nnext: 1\n", CodeLanguage.Yaml);
        Assert.Equal([new CodeToken("  key: value", "ys")], lines[1]);
        Assert.Equal([new CodeToken("  more", "ys")], lines[3]);
        Assert.Equal(new CodeToken("next", "yk"), lines[4][0]);
    }

    [Theory]
    [InlineData(CodeLanguage.Yaml)]
    [InlineData(CodeLanguage.Json)]
    [InlineData(CodeLanguage.Bicep)]
    [InlineData(CodeLanguage.Shell)]
    [InlineData(CodeLanguage.Plain)]
    public void Nothing_of_the_text_is_lost(CodeLanguage language)
    {
        const string text = "a: 'b' \"c\" # d\n  - {x: [1, -2.5]} // e\n\t\"open\n'''\n$HOME \\\n{\"a\":\"\\\"\"}";
        var back = string.Join('\n', CodeTokens.Lines(text, language).Select(line => string.Concat(line.Select(token => token.Text))));
        Assert.Equal(text, back);
    }

    private static void Check(string line, CodeLanguage language, string expected)
    {
        var tokens = Assert.Single(CodeTokens.Lines(line, language));
        Assert.Equal(expected, string.Join('|', tokens.Select(token => token.Tone is null ? token.Text : $"{token.Tone}:{token.Text}")));
    }
}
