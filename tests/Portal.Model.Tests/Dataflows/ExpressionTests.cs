using System.Text.Json;
using CsCheck;
using Portal.Model.Dataflows.Expressions;

namespace Portal.Model.Tests.Dataflows;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "int 7")]
    [InlineData("(1 + 2) * 3", "int 9")]
    [InlineData("2 * 2 ^ 3", "int 16")]
    [InlineData("(2 * 2) ^ 3", "int 64")]
    [InlineData("2 ^ 3 ^ 2", "int 512")]
    [InlineData("-2 ^ 2", "int -4")]
    [InlineData("2 ^ -1", "float 0.5")]
    [InlineData("-3 * 2", "int -6")]
    [InlineData("7 / 2", "int 3")]
    [InlineData("-7 / 2", "int -3")]
    [InlineData("7 / 2.0", "float 3.5")]
    [InlineData("7 % 4", "int 3")]
    [InlineData("7.5 % 2", "float 1.5")]
    [InlineData("10 - 4 - 3", "int 3")]
    [InlineData("1e3 + .5", "float 1000.5")]
    [InlineData("9223372036854775807 + 1", "float 9.223372036854776E+18")]
    [InlineData("3037000500 * 3037000500", "float 9.22337203700025E+18")]
    [InlineData("1 < 2 == true", "boolean true")]
    [InlineData("1 == 1.0", "boolean true")]
    [InlineData("1 == \"1\"", "boolean false")]
    [InlineData("'a' < 'b'", "boolean true")]
    [InlineData("1 > 2 || 3 > 2 && 2 > 1", "boolean true")]
    [InlineData("false && 1 / 0 == 1", "boolean false")]
    [InlineData("true || 1 / 0 == 1", "boolean true")]
    [InlineData("!true || !false", "boolean true")]
    [InlineData("\"Analyst\" + ', ' + \"Kent, WA\"", "string Analyst, Kent, WA")]
    [InlineData("\"t=\" + 71.4 + true", "string t=71.4true")]
    [InlineData("'it''s'", "error 5")]
    [InlineData("'a\\'b\\n'", "string a'b\n")]
    [InlineData("(1, 'a', 2.5)", "tuple (1, a, 2.5)")]
    [InlineData("()", "empty ")]
    [InlineData("() == ()", "boolean true")]
    [InlineData("() + 1", "empty ")]
    [InlineData("() > 1", "empty ")]
    [InlineData("() && false", "boolean false")]
    [InlineData("() && true", "empty ")]
    public void Operators_follow_the_reference(string text, string expected) => Assert.Equal(expected, Evaluate(text));

    [Theory]
    [InlineData("min(2, 3, 1)", "int 1")]
    [InlineData("max((2, 3.5, 1))", "float 3.5")]
    [InlineData("min(())", "empty ")]
    [InlineData("if(11 > 10, 'High', 'Low')", "string High")]
    [InlineData("if(() == (), 1, 1 / 0)", "int 1")]
    [InlineData("if((), 1, 2)", "empty ")]
    [InlineData("len(\"Azure\")", "int 5")]
    [InlineData("len('a😀ö')", "int 3")]
    [InlineData("len(1, 2, 3)", "int 3")]
    [InlineData("len((1, 2))", "int 2")]
    [InlineData("floor(2.9)", "int 2")]
    [InlineData("floor(-2.1)", "int -3")]
    [InlineData("round(2.5)", "int 3")]
    [InlineData("round(-2.5)", "int -3")]
    [InlineData("ceil(2.1)", "int 3")]
    [InlineData("round_n(3.14159, 2)", "float 3.14")]
    [InlineData("scale(5, 0, 10, 0, 100)", "float 50")]
    [InlineData("cToF(100)", "float 212")]
    [InlineData("fToC(212)", "float 100")]
    [InlineData("round_n(psiToBar(100), 5)", "float 6.89476")]
    [InlineData("round_n(barToPsi(6.89476), 5)", "float 100")]
    [InlineData("inToCm(2)", "float 5.08")]
    [InlineData("cmToIn(5.08)", "float 2")]
    [InlineData("round_n(ftToM(10), 3)", "float 3.048")]
    [InlineData("round_n(mToFt(3.048), 3)", "float 10")]
    [InlineData("lbToKg(10)", "float 4.53592")]
    [InlineData("round_n(kgToLb(4.53592), 3)", "float 10")]
    [InlineData("galToL(1)", "float 3.78541")]
    [InlineData("lToGal(3.78541)", "float 1")]
    [InlineData("math::abs(-3)", "int 3")]
    [InlineData("abs(-2.5)", "float 2.5")]
    [InlineData("math::sqrt(16)", "float 4")]
    [InlineData("round_n(math::cbrt(27), 9)", "float 3")]
    [InlineData("math::log(8, 2)", "float 3")]
    [InlineData("math::ln(1) + math::log2(8) + math::log10(100)", "float 5")]
    [InlineData("math::pow(2, 0.5) == math::exp2(0.5)", "boolean true")]
    [InlineData("math::hypot(3, 4)", "float 5")]
    [InlineData("math::sin(0) + math::cos(0) + math::tan(0) + math::atan2(0, 1) + math::acos(1) + math::asin(0) + math::atan(0) + math::exp(0)", "float 2")]
    [InlineData("str::to_uppercase('ab') + str::to_lowercase('CD') + str::trim('  e ')", "string ABcde")]
    [InlineData("str::from(1.5) + str::from(true)", "string 1.5true")]
    [InlineData("str::substring('press-07', 0, 5)", "string press")]
    [InlineData("str::substring('press-07', 6)", "string 07")]
    [InlineData("contains((1, 2), 2.0)", "boolean true")]
    [InlineData("contains_any((1, 2), (3, 2))", "boolean true")]
    [InlineData("typeof('a') + typeof(1) + typeof(1.0) + typeof(true) + typeof((1, 2)) + typeof(())", "string stringintfloatbooleantupleempty")]
    public void Functions_follow_the_reference(string text, string expected) => Assert.Equal(expected, Evaluate(text));

    [Theory]
    [InlineData("1 / 0", "division by zero")]
    [InlineData("1 % 0", "division by zero")]
    [InlineData("'a' * 2", "* needs numbers, not a string")]
    [InlineData("true + 1", "+ needs numbers, not a boolean")]
    [InlineData("1 < 'a'", "< cannot compare a int with a string")]
    [InlineData("!1", "! needs true or false, not a int")]
    [InlineData("1 && true", "&& needs true or false, not a int")]
    [InlineData("if(1, 2, 3)", "if needs true or false as its condition, not a int")]
    [InlineData("cToF('a')", "cToF needs numbers, not a string")]
    [InlineData("len(1)", "len needs a string or a tuple, not a int")]
    [InlineData("scale(1, 2, 2, 0, 1)", "scale needs a source range that is not empty")]
    [InlineData("str::substring('ab', 1, 9)", "str::substring looks outside of the string")]
    [InlineData("contains(1, 1)", "contains needs a tuple, not a int")]
    public void What_the_types_do_not_allow_is_an_error_value(string text, string error) => Assert.Equal("error " + error, Evaluate(text));

    [Theory]
    [InlineData("", "expression-syntax", 1)]
    [InlineData("1 +", "expression-syntax", 4)]
    [InlineData("(1", "expression-syntax", 3)]
    [InlineData("1 2", "expression-syntax", 3)]
    [InlineData("'a", "expression-syntax", 1)]
    [InlineData("1 = 1", "expression-syntax", 3)]
    [InlineData("2x", "expression-syntax", 1)]
    [InlineData("temp > 1", "expression-syntax", 1)]
    [InlineData("$3 > 1", "expression-input", 1)]
    [InlineData("1 + $0", "expression-input", 5)]
    [InlineData("$metadata.topic", "expression-input", 1)]
    [InlineData("1 + nope(2)", "expression-function", 5)]
    [InlineData("ctof(2)", "expression-function", 1)]
    [InlineData("round(1, 2)", "expression-arguments", 1)]
    [InlineData("if(true, 1)", "expression-arguments", 1)]
    [InlineData("str::regex_matches($1, 'a')", "expression-unsupported", 1)]
    [InlineData("average($1)", "expression-unsupported", 1)]
    [InlineData("$1 > 1 and $2 > 1", "expression-syntax", 8)]
    [InlineData("not true", "expression-unsupported", 1)]
    [InlineData("$1 ?? 0", "expression-unsupported", 4)]
    public void What_is_not_supported_is_named_with_its_place(string text, string code, int column)
    {
        Assert.Null(Expression.Parse(text, 2, out var problem));
        Assert.Equal((code, column), (problem!.Code, problem.Column));
        Assert.NotEmpty(problem.Message);
        Assert.NotEmpty(problem.Fix);
    }

    [Fact]
    public void A_function_of_another_case_is_suggested()
    {
        Expression.Parse("ctof(2)", 0, out var problem);
        Assert.Equal("Write cToF.", problem!.Fix);
    }

    [Fact]
    public void Deep_nesting_is_refused_and_does_not_end_the_process()
    {
        Assert.NotNull(Expression.Parse(new string('(', 20) + "1" + new string(')', 20), 0, out _));
        Assert.Null(Expression.Parse(new string('(', 1500) + "1" + new string(')', 1500), 0, out var deep));
        Assert.Equal("expression-deep", deep!.Code);
        Assert.Null(Expression.Parse(new string('-', 3900) + "1", 0, out deep));
        Assert.Equal("expression-deep", deep!.Code);
        Expression.Parse(new string(' ', 5000), 0, out var longOne);
        Assert.Equal("expression-long", longOne!.Code);
    }

    [Fact]
    public void Json_comes_in_by_type()
    {
        using var json = JsonDocument.Parse("""{"i":42,"f":1.5,"big":92233720368547758070,"s":"ä","b":true,"n":null,"t":[1,"a"],"o":{},"l":[[1]]}""");
        Assert.Equal(
            ["int", "float", "float", "string", "boolean", "empty", "tuple", "json", "json"],
            json.RootElement.EnumerateObject().Select(member => ExpressionValue.Of(member.Value).TypeName));
        var o = ExpressionValue.Of(json.RootElement.GetProperty("o"));
        Assert.False(Expression.Parse("$1 == ()", 1, out _)!.Evaluate([o]).IsTrue);
        Assert.True(Expression.Parse("$1 + 1", 1, out _)!.Evaluate([o]).IsError);
    }

    [Fact]
    public void No_text_and_no_input_throws()
    {
        string[] words = ["$1", "$2", "1", "2.5", "'a'", "()", "(1,2)", "true", "+", "-", "*", "/", "%", "^", "<", "==", "&&", "||", "!", "(", ")", ",", "if(", "len(", "min(", "str::substring(", "scale(", "typeof(", " ", "$", "\"", "?"];
        Gen.Int[0, words.Length - 1].Select(at => words[at]).Array[0, 12].Select(string.Concat).Sample(
            text =>
            {
                var parsed = Expression.Parse(text, 2, out var problem);
                Assert.Equal(parsed is null, problem is not null);
                foreach (var value in new[] { ExpressionValue.Empty, ExpressionValue.Of(long.MinValue), ExpressionValue.Of(double.NaN), ExpressionValue.Of("x"), ExpressionValue.Of(true) })
                    _ = parsed?.Evaluate([value, ExpressionValue.Of(-1)]).ToText();
            },
            iter: 20_000);
    }

    private static string Evaluate(string text)
    {
        if (Expression.Parse(text, 0, out var problem) is not { } expression)
            return $"error {problem!.Column}";
        var value = expression.Evaluate([]);
        return $"{value.TypeName} {value.ToText()}";
    }
}
