using Portal.Model.Validation;

namespace Portal.Model.Documents.Import.Bicep;

/// <summary>Reads the statements of a file: parameters, variables and resources; the rest is passed over, with a word on what is not followed.</summary>
internal sealed class BicepParser : BicepExpressions
{
    private static readonly string[] Passed = ["targetScope", "metadata", "type", "func", "import", "using", "extension", "provider", "assert", "test", "extends"];

    private readonly BicepFile file = new();
    private readonly Stack<int> around = [];
    private bool hasOutput;
    private bool isSecure;

    private BicepParser(string text, BicepLexer lexer, ReadingBudget budget, List<Finding> findings)
        : base(text, lexer.Next, () => lexer.End, budget, findings)
    {
    }

    /// <summary>Reads a file; what cannot be read is among the findings.</summary>
    public static BicepFile Parse(string text, ReadingBudget budget, List<Finding> findings)
    {
        var lexer = new BicepLexer(text, (message, line, column) =>
        {
            if (findings.Count < ReadingBudget.MostFindings)
                findings.Add(Finding.Error("bicep-syntax", "", message, "Check quotes, colons and brackets of this line and the one above.") with { Line = line, Column = column });
        });
        var parser = new BicepParser(text, lexer, budget, findings);
        while (parser.Current.Kind is not BicepTokenKind.End)
            parser.Statement();
        return parser.file;
    }

    private void Statement()
    {
        var token = Current;
        if (token.Kind is BicepTokenKind.NewLine)
            Take();
        else if (token.Is("@"))
            Decorator();
        else if (token.Is("..."))
            Member();
        else if (token.IsWord("resource") && Peek(1).Kind is BicepTokenKind.Word)
            Resource();
        else if (token.IsWord("param") && Peek(1).Kind is BicepTokenKind.Word)
            Parameter();
        else if (token.IsWord("var") && Peek(1).Kind is BicepTokenKind.Word)
            Variable();
        else if (token.IsWord("module") && Peek(1).Kind is BicepTokenKind.Word)
            Module();
        else if (token.IsWord("output") && Peek(1).Kind is BicepTokenKind.Word)
            Output();
        else if (token.Kind is BicepTokenKind.Word or BicepTokenKind.Text && Peek(1).Is(":"))
        {
            if (Member() is { } member)
                file.Members.Add(member);
        }
        else if (token.Is("{"))
            file.Members.AddRange(Object().Members);
        else if (token.Kind is BicepTokenKind.Word && Passed.Contains(token.Value))
            Pass(token);
        else
            Unknown(token);
    }

    private void Unknown(BicepToken token)
    {
        SyntaxError($"'{(token.Value.Length > 50 ? token.Value[..50] : token.Value)}' starts nothing that Bicep has.", token);
        Take();
        SkipLine();
        // A bracket that closes nothing.
        if (Current.Kind is BicepTokenKind.Symbol)
            Take();
    }

    private void Pass(BicepToken token)
    {
        if (token.Value is "type" or "func" or "import" && Peek(1).Kind is BicepTokenKind.Word)
            file.Others.Add(Peek(1).Value);
        SkipLine();
        if (Current.Kind is BicepTokenKind.Symbol)
            Take();
    }

    private void Decorator()
    {
        Take();
        isSecure |= Current.IsWord("secure");
        Value();
    }

    private void Parameter()
    {
        Take();
        var name = Take();
        // The type is passed over.
        var open = 0;
        while (Current.Kind is not BicepTokenKind.End && (open > 0 || (Current.Kind is not BicepTokenKind.NewLine && !Current.Is("="))))
        {
            var token = Take();
            open += token.Kind is not BicepTokenKind.Symbol ? 0 : token.Value is "{" or "[" or "(" ? 1 : token.Value is "}" or "]" or ")" ? -1 : 0;
        }
        var value = TakeIf("=") ? Value() : null;
        // What is secret is not read, not even a default.
        file.Parameters.TryAdd(name.Value, isSecure ? null : value);
        isSecure = false;
        EndOfStatement();
    }

    private void Variable()
    {
        Take();
        var name = Take();
        if (Current.Kind is BicepTokenKind.Word)
            Take();
        if (TakeIf("="))
            file.Variables.TryAdd(name.Value, Value());
        else
            SyntaxError($"The value of '{name.Value}' is missing.", name);
        EndOfStatement();
    }

    private void Module()
    {
        var token = Take();
        file.Others.Add(Current.Value);
        Report("bicep-module", Severity.Info, $"The module '{Current.Value}' is another file: it is not followed.", null, token.Line, token.Column);
        SkipLine();
    }

    private void Output()
    {
        if (!hasOutput)
            Report("bicep-output", Severity.Info, "Outputs are not read.", null, Current.Line, Current.Column);
        hasOutput = true;
        SkipLine();
    }

    private void EndOfStatement()
    {
        if (Current.Kind is BicepTokenKind.NewLine or BicepTokenKind.End || (around.Count > 0 && Current.Is("}")))
            return;
        SyntaxError("Something stands behind the value.", Current);
        Take();
        SkipLine();
    }

    private void Resource()
    {
        var start = Take();
        var symbol = Take();
        var type = Current.Kind is BicepTokenKind.Text ? (Value() as BicepString)?.Plain : null;
        if (type is null)
            SyntaxError("The type of the resource is missing.", symbol);
        var isExisting = Current.IsWord("existing");
        if (isExisting)
            Take();
        if (!TakeIf("="))
            SyntaxError("An equals sign is missing.", Current);
        SkipNewLines();
        var resource = new BicepResource(symbol.Value, type, isExisting, new BicepOther("", start.Line, start.Column), around.Count > 0 ? around.Peek() : -1, start.Line, start.Column);
        var index = file.Resources.Count;
        file.Resources.Add(resource);
        around.Push(index);
        var body = Body();
        around.Pop();
        file.Resources[index] = resource with { Body = body, EndLine = Current.Line };
        EndOfStatement();
    }

    protected override bool Special()
    {
        if (Current.Is("@"))
        {
            Decorator();
            return true;
        }
        if (Current.IsWord("resource") && Peek(1).Kind is BicepTokenKind.Word && Peek(2).Kind is BicepTokenKind.Text)
        {
            Resource();
            return true;
        }
        if (!Current.Is("...") || Peek(1).Kind is not (BicepTokenKind.NewLine or BicepTokenKind.End))
            return false;
        Member();
        return true;
    }
}
