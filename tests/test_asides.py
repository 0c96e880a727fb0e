"""Asides: who speaks and what an office is called say nothing of measures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.asides import asides
from tagger.words import normalise


def hidden(text: str) -> list[str]:
    """Return the runs of a text that are asides."""
    plain = normalise(text)
    codes = np.array([ord(character) for character in plain], dtype=np.uint32)
    flags = asides(codes).tolist()
    shown = "".join(character if aside else "|" for character, aside in zip(plain, flags, strict=True))
    return [run for run in shown.split("|") if run]


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("“路修好了。”驻村第一书记老韩说。", "驻村第一书记老韩说"),
        ("“路修好了。”村支书笑呵呵地说道：“明年种茶。”", "村支书笑呵呵地说道"),
        ("据镇党委书记介绍，全镇去年脱贫八十户。", "据镇党委书记介绍"),
        ("「水來了。」村支部書記告訴記者，「以前靠挑。」", "村支部书记告诉记者"),
        ("县教育局给山里的孩子送来课桌。", "教育局"),
        ("人力资源和社会保障部门上门登记。", "人力资源和社会保障部门"),
        ("國家衛生健康委員會發布通報。", "卫生健康委员会"),
    ],
)
def test_a_speaker_and_an_office_are_asides(text: str, aside: str) -> None:
    assert hidden(text) == [aside]


@pytest.mark.parametrize(
    "text",
    [
        "驻村第一书记老韩向贫困户介绍政策，帮他报名。",
        "县里的教育部署分三步走，教育部分先行。",
        "党委、支部和全部干部都到了村里。",
        "村里的孩子说好了去上学。",
        "",
        "说",
        "局",
    ],
)
def test_whoever_acts_is_none(text: str) -> None:
    assert hidden(text) == []


def test_a_speaker_s_clause_reaches_back_to_the_mark_before_it() -> None:
    assert hidden("他种了茶，驻村队员小吴说，收成好。") == ["驻村队员小吴说"]


@given(st.lists(st.sampled_from(["支书", "说", "，", "。", "“", "教育", "局", "部", "署", "\n", "a"]), max_size=30))
def test_every_aside_lies_between_two_marks(parts: list[str]) -> None:
    text = "".join(parts)
    assert not set("，。“\n") & set("".join(hidden(text)))
    assert all(run in normalise(text) for run in hidden(text))
