"""A month of an invented cell, long enough to show how its papers break over pages."""

from chibo.documents.paperwork import (
    Absentee,
    ClauseLine,
    Count,
    LedgerLine,
    MinutesPaper,
    Passage,
    ResolutionPaper,
    TaskLine,
    VoteLine,
)

# Every letter that Vietnamese has, in both cases: twelve vowels with six tones each, and đ.
LETTERS = (
    "aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ đ "
    "AÀẢÃÁẠ ĂẰẲẴẮẶ ÂẦẨẪẤẬ EÈẺẼÉẸ ÊỀỂỄẾỆ IÌỈĨÍỊ OÒỎÕÓỌ ÔỒỔỖỐỘ ƠỜỞỠỚỢ UÙỦŨÚỤ ƯỪỬỮỨỰ YỲỶỸÝỴ Đ"
)
_LEDGER = [
    LedgerLine(
        "Vận động 12 hộ ven suối chỉnh trang hàng rào, khơi thông rãnh thoát nước đoạn từ nhà văn hóa xóm đến cầu "
        "Nà Phòn",
        "Bùi Thị Ngoằn, Đinh Công Sứ",
        "Hoàn thành",
        "12/12 hộ đã làm xong; khơi thông 380 m rãnh, có biên bản nghiệm thu của xóm.",
    ),
    LedgerLine(
        "Rà soát danh sách quần chúng ưu tú, giới thiệu một đồng chí đi học lớp nhận thức về Đảng",
        "Quách Thị Lộc",
        "Chưa xong",
        "Đã giới thiệu một quần chúng; chờ trung tâm chính trị mở lớp trong quý IV.",
    ),
    LedgerLine("Thu đảng phí quý III, nộp về đảng ủy cơ sở", "Đinh Công Sứ", "Quá hạn", "Còn hai đồng chí đi làm xa."),
]
_COUNTS = [
    Count("Có mặt tại phòng họp", 17),
    Count("Dự trực tuyến", 1),
    Count("Vắng có lý do", 2),
    Count("Được miễn sinh hoạt", 1),
    Count("Sinh hoạt tạm thời nơi khác", 1),
]
_CONVENED = "22 đồng chí (chính thức 20, dự bị 2)"

MINUTES = MinutesPaper(
    about="Họp chi bộ thường kỳ tháng 11 năm 2026",
    began="19 giờ 30 phút, ngày 03 tháng 11 năm 2026",
    place="nhà văn hóa xóm Nà Phòn, xã Vĩnh Đồng",
    convened=_CONVENED,
    counts=_COUNTS,
    absentees=[
        Absentee("Bùi Văn Ển", "vắng có lý do (điều trị tại bệnh viện đa khoa)"),
        Absentee("Quách Đức Hậu", "vắng có lý do (đi công tác tại tỉnh)"),
        Absentee("Bạch Minh Khuê", "đến muộn, có mặt từ 19 giờ 50 phút"),
    ],
    guests=["Đồng chí Nguyễn Thế Hùng, đảng ủy viên được phân công theo dõi chi bộ"],
    chair="Bùi Văn Thưởng",
    chair_office="bí thư chi bộ",
    clerk="Đinh Công Sứ",
    agenda=[
        "Tuyên bố lý do, giới thiệu đại biểu; cử thư ký; điểm danh; tình hình đóng đảng phí",
        "Kết quả thực hiện từng nhiệm vụ của nghị quyết kỳ trước",
        "Báo cáo tình hình tháng 10 và dự kiến nhiệm vụ tháng 11",
        "Thông tin thời sự, phổ biến chủ trương mới, định hướng tư tưởng",
        "Thảo luận; tự phê bình và phê bình",
        "Kết luận; giao nhiệm vụ; trả lời kiến nghị; biểu quyết nghị quyết; thông qua biên bản",
    ],
    ledger=_LEDGER,
    sections=[
        Passage(
            "Báo cáo tình hình tháng 10 và dự kiến nhiệm vụ tháng 11",
            [
                (
                    "Đồng chí Quách Thị Lộc, phó bí thư chi bộ, trình bày báo cáo. Chi bộ đã lãnh đạo nhân dân "
                    "thu hoạch xong 18,5 ha lúa mùa, gieo trồng 9 ha rau màu vụ đông; quỹ khuyến học của xóm nhận được "
                    "14.600.000 đồng của 63 hộ ủng hộ."
                ),
                "Tồn tại: đường vào khu ruộng Thung Mới xuống cấp, mưa lớn gây khó khăn cho xe chở nông sản.",
            ],
        ),
        Passage(
            "Thảo luận",
            [
                (
                    '– Đồng chí Bùi Thị Ngoằn: nhất trí với báo cáo; cách làm "mỗi đảng viên đi cùng ba hộ" giúp việc '
                    "khơi rãnh xong trước hạn, đề nghị tiếp tục áp dụng khi sửa đường ruộng."
                ),
                (
                    "– Đồng chí Bạch Minh Khuê đề xuất: mỗi hộ góp hai ngày công, cử tổ giám sát vật liệu gồm ba "
                    "người và công khai thu, chi tại nhà văn hóa vào ngày 20 hằng tháng."
                ),
                (
                    "– Đồng chí Đinh Công Sứ góp ý, phê bình: thu đảng phí còn chậm vì chưa nhắc sớm các đồng chí đi "
                    "làm xa; bản thân nhận khuyết điểm và sẽ nhắc trước ngày 25."
                ),
                (
                    "– Đồng chí Nguyễn Thế Hùng (khách mời): đảng ủy làm việc với ủy ban xã về 40 tấn xi măng; "
                    "đề nghị chi bộ gửi tờ trình trước ngày 10."
                ),
            ],
        ),
        Passage("Bảng chữ", [LETTERS]),
        Passage(
            "Kết luận",
            [
                (
                    "Đồng chí chủ trì kết luận: tập trung sửa 600 m đường ruộng Thung Mới, hoàn thành thu đảng phí "
                    "quý III, chuẩn bị nội dung kiểm điểm cuối năm."
                )
            ],
        ),
    ],
    votes=[
        VoteLine("Thông qua nghị quyết tháng 11 năm 2026", 20, 17, 0, 0, "Thông qua (17/20, cần 11)"),
        VoteLine("Góp hai ngày công mỗi hộ để sửa đường ruộng Thung Mới", 20, 15, 1, 1, "Thông qua (15/20, cần 11)"),
    ],
    tasks=[
        TaskLine(
            "Lập tờ trình gửi đảng ủy xã về hỗ trợ xi măng; tờ trình được đảng ủy tiếp nhận",
            "Quách Thị Lộc",
            "09/11/2026",
        ),
        TaskLine(
            "Tổ chức sửa 600 m đường ruộng Thung Mới; xe tải 2,5 tấn đi lại được",
            "Bùi Văn Thưởng, Bạch Minh Khuê",
            "30/11/2026",
        ),
        TaskLine("Thu xong đảng phí quý III", "Đinh Công Sứ", "25/11/2026"),
    ],
    adopted="Biên bản được đọc lại trước chi bộ và được 17/20 đảng viên chính thức thông qua.",
    ended="21 giờ 20 phút cùng ngày",
)

RESOLUTION = ResolutionPaper(
    about="Họp chi bộ thường kỳ tháng 11 năm 2026",
    opening="Ngày 03 tháng 11 năm 2026, Chi bộ xóm Nà Phòn họp thường kỳ tại nhà văn hóa xóm. Sau khi nghe báo cáo và "
    "thảo luận, chi bộ quyết nghị như sau:",
    convened=_CONVENED,
    counts=_COUNTS,
    duration="từ 19 giờ 30 phút đến 21 giờ 20 phút (110 phút)",
    chair="Bùi Văn Thưởng",
    chair_office="bí thư chi bộ",
    clerk="Đinh Công Sứ",
    ledger=_LEDGER,
    praise=["Biểu dương đồng chí Bùi Thị Ngoằn và tổ dân vận đã hoàn thành việc khơi rãnh trước hạn chín ngày."],
    shortcomings=[
        "Thu đảng phí quý III còn chậm. Nguyên nhân: chưa nhắc sớm các đồng chí đi làm xa; chưa có người thu thay.",
    ],
    direction_heading="PHƯƠNG HƯỚNG, NHIỆM VỤ THÁNG 12 NĂM 2026",
    direction=[
        "Lãnh đạo sửa xong đường ruộng Thung Mới trước vụ chiêm xuân; giữ vững an ninh, trật tự dịp cuối năm.",
        "Chuẩn bị tốt kiểm điểm, xếp loại chất lượng chi bộ và đảng viên năm 2026.",
    ],
    clauses=[
        ClauseLine(
            1,
            "Lập tờ trình gửi đảng ủy xã đề nghị hỗ trợ 40 tấn xi măng để sửa đường ruộng Thung Mới.",
            "đồng chí Quách Thị Lộc",
            "ngày 09/11/2026",
            "kỳ họp tháng 12 năm 2026",
        ),
        ClauseLine(
            2,
            "Vận động mỗi hộ góp hai ngày công, sửa xong 600 m đường; công khai thu, chi tại nhà văn hóa xóm.",
            "các đồng chí Bùi Văn Thưởng, Bạch Minh Khuê",
            "ngày 30/11/2026",
            "kỳ họp tháng 12 năm 2026",
        ),
        ClauseLine(3, "Toàn thể đảng viên gương mẫu góp công trước và vận động gia đình cùng tham gia."),
    ],
    score=[
        "Chi bộ tự chấm buổi sinh hoạt đạt 92,5/100 điểm, xếp loại Tốt.",
        "– Tỷ lệ đảng viên phát biểu: chủ trì gợi ý từng đồng chí phát biểu ở kỳ họp tới.",
    ],
    vote="Nghị quyết được 17/20 đảng viên chính thức biểu quyết tán thành.",
    recipients=["Đảng ủy xã Vĩnh Đồng (để báo cáo)", "Các đồng chí đảng viên (để thực hiện)", "Lưu chi bộ"],
)
