"""What Trino's grammar refuses and our parser, which reads many dialects, would take.

https://docs.aws.amazon.com/athena/latest/ug/select.html
https://trino.io/docs/current/sql/select.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import sqlglot
from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from reconciler.sandbox.core.errors import AwsError

_SELECT = "with_ expressions distinct from_ joins where group having windows order limit offset"
_SET = "this expression distinct with_ order limit offset"
_CLAUSES = frozenset(_SELECT.split())
_OF_SETS = frozenset(_SET.split())
_JOINS = ("", "INNER", "CROSS", "OUTER")
#: Operators and forms of other dialects.
_FOREIGN = (exp.Columns, exp.Pivot, exp.ILike, exp.Glob, exp.SimilarTo, exp.Slice, exp.Hint, exp.Parameter)
_WORDS = ("==", "::", "{", "}", "`", "@")
_OPERATORS = ("ILIKE", "RLIKE", "REGEXP", "GLOB", "SIMILAR", "DIV", "QUALIFY", "LATERAL VIEW")
#: After these an opening bracket is a subscript or ARRAY's; elsewhere it would be a list of another dialect.
_BEFORE_BRACKET = (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.STRING, TokenType.IDENTIFIER, TokenType.VAR)

_SETS = (TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT)
_SIDES = (TokenType.LEFT, TokenType.RIGHT, TokenType.FULL, TokenType.INNER, TokenType.OUTER)


def require_trino(text: str, tree: exp.Expr) -> None:
    """Raise InvalidRequestException where a query is not one of Trino's grammar."""
    tokens = sqlglot.tokenize(text, dialect="trino")
    wrong = next(chain(_wrong_tokens(tokens), _without_select(tokens), _without_criterion(tokens)), None)
    if wrong is not None:
        raise _mismatched(wrong)
    if (odd := next((node for node in tree.walk() if _is_foreign(node)), None)) is not None:
        raise AwsError("InvalidRequestException", f"line 1:1: mismatched input '{odd.sql(dialect='trino')[:60]}'")
    counted = sum(
        token.token_type == TokenType.SELECT
        or (token.token_type == TokenType.TABLE and (not number or tokens[number - 1].token_type != TokenType.CREATE))
        for number, token in enumerate(tokens)
    )
    if sum(1 for _ in tree.find_all(exp.Select)) > counted:
        raise _mismatched(next(token for token in tokens if token.token_type == TokenType.FROM))
    if sum(token.token_type == TokenType.ARROW for token in tokens) > sum(1 for _ in tree.find_all(exp.Lambda)):
        raise _mismatched(next(token for token in tokens if token.token_type == TokenType.ARROW))


def _without_select(tokens: Sequence[Token]) -> Iterator[Token]:
    """FROM where no SELECT came before it: queries of another dialect may begin with it.

    Within parentheses FROM may belong to a function (`extract(year FROM x)`), which begins with neither FROM nor WITH.
    """
    levels: list[list[TokenType]] = [[]]
    for token in tokens:
        kind = token.token_type
        if kind == TokenType.L_PAREN:
            levels.append([])
        elif kind == TokenType.R_PAREN and len(levels) > 1:
            levels.pop()
        elif kind in _SETS:
            levels[-1] = []
        elif levels[-1] or kind not in (TokenType.ALL, TokenType.DISTINCT):
            begun = levels[-1]
            begun.append(kind)
            begins = begun[0] in (TokenType.FROM, TokenType.WITH) or begun[-2:-1] == [TokenType.ALIAS]
            if kind == TokenType.FROM and begins and TokenType.SELECT not in begun:
                yield token


def _without_criterion(tokens: Sequence[Token]) -> Iterator[Token]:
    """The last JOIN, where there are fewer ON and USING than joins that need one."""
    kinds = [token.token_type for token in tokens]
    needing = []
    for number, token in enumerate(tokens):
        if token.token_type == TokenType.JOIN:
            before = number - 1
            while before >= 0 and kinds[before] in _SIDES:
                before -= 1
            if before < 0 or kinds[before] not in (TokenType.CROSS, TokenType.NATURAL):
                needing.append(token)
    if len(needing) > sum(kind in (TokenType.ON, TokenType.USING) for kind in kinds):
        yield needing[-1]


def _wrong_tokens(tokens: Sequence[Token]) -> Iterator[Token]:
    """Words that stand where Trino has no place for them."""
    limited = [False]
    for number, token in enumerate(tokens):
        before = tokens[number - 1] if number else None
        after = tokens[number + 1] if number + 1 < len(tokens) else None
        kind = token.token_type
        match kind:
            case TokenType.L_PAREN:
                limited.append(False)
            case TokenType.R_PAREN if len(limited) > 1:
                limited.pop()
            case TokenType.LIMIT | TokenType.FETCH if _begins_number(after):
                limited[-1] = True
            case _ if kind in _SETS:
                limited[-1] = False
            case TokenType.OFFSET if limited[-1] and _begins_number(after):
                yield token
            case TokenType.COMMA if after is None or after.token_type in (
                TokenType.COMMA,
                TokenType.FROM,
                TokenType.R_PAREN,
            ):
                yield token
            case TokenType.STRING if before is not None and before.token_type == TokenType.STRING:
                yield token
            case TokenType.L_BRACKET if before is None or not (
                before.token_type in _BEFORE_BRACKET or before.text.upper() == "ARRAY"
            ):
                yield token
        quoted = kind in (TokenType.STRING, TokenType.IDENTIFIER)
        if not quoted and (token.text in _WORDS or (token.text.startswith("$") and kind == TokenType.VAR)):
            yield token
        if not quoted and kind != TokenType.VAR and token.text.upper() in _OPERATORS:
            yield token


def _begins_number(token: Token | None) -> bool:
    """Whether a word after LIMIT, FETCH or OFFSET makes that a clause, not a name."""
    return token is not None and (
        token.token_type in (TokenType.NUMBER, TokenType.PLACEHOLDER, TokenType.ALL, TokenType.FIRST)
        or token.text.upper() in ("FIRST", "NEXT", "ALL")
    )


def _is_foreign(node: exp.Expr) -> bool:
    said = {name for name, value in node.args.items() if value}
    match node:
        case exp.Select():
            return bool(said - _CLAUSES)
        case exp.SetOperation():
            return bool(said - _OF_SETS)
        case exp.Star():
            return bool(said)
        case exp.Group():
            return bool(node.args.get("all")) and not node.expressions
        case exp.Ordered():
            named = node.this
            return isinstance(named, exp.Column) and not named.this.quoted and named.name.upper() == "ALL"
        case exp.Unnest():
            return not isinstance(node.parent, exp.From | exp.Join | exp.Lateral)
        case exp.Distinct():
            return bool(node.args.get("on"))
        case exp.Join():
            return bool(node.args.get("method") or node.args.get("pivots")) or (node.kind or "").upper() not in _JOINS
        case exp.Limit():
            return bool(node.args.get("limit_options")) or not isinstance(
                node.expression, exp.Literal | exp.Var | exp.Placeholder
            )
        case exp.CTE():
            return node.args.get("materialized") is not None
        case exp.Lateral():
            return bool(node.args.get("view"))
        case _:
            return isinstance(node, _FOREIGN)


def _mismatched(token: Token) -> AwsError:
    column = max(1, token.col - len(token.text) + 1)
    return AwsError("InvalidRequestException", f"line {token.line}:{column}: mismatched input '{token.text}'")
