"""Invented names. Schools are put together from parts so that none of them is a real place."""

from __future__ import annotations

DISTRICT = "Wrenhollow Demonstration District"
TIME_ZONE = "America/Los_Angeles"
DOMAIN = "demo.example"
STATE = "Example State"

FIRST_PARTS = (
    "Fern", "Copper", "Quill", "Otter", "Brindle", "Lark", "Tumble", "Saffron", "Salt", "Ember", "Mistle", "Candle",
)  # fmt: skip
LAST_PARTS = ("garrow", "spindle", "tarn", "withy", "lune", "hobb", "mothe", "quay")

GIVEN = (
    "Ada", "Adriana", "Aisha", "Alejandro", "Amara", "Amir", "Ana", "Andre", "Anh", "Anika", "Arjun", "Astrid", "Ayla",
    "Beatriz", "Benedict", "Camila", "Carlos", "Cedric", "Chantal", "Chidi", "Clara", "Dalia", "Damian", "Darius",
    "Delphine", "Deshawn", "Diego", "Dimitri", "Ebony", "Elena", "Elias", "Emeka", "Esther", "Fatima", "Felix",
    "Fiona", "Gabriel", "Gita", "Grace", "Hana", "Hassan", "Helen", "Hugo", "Imani", "Ines", "Isaac", "Ivan", "Jamal",
    "Jasmine", "Joaquin", "Josephine", "Kavya", "Keiko", "Kenji", "Kwame", "Lakshmi", "Latoya", "Leila", "Leo",
    "Lucia", "Malik", "Mariana", "Marcus", "Mei", "Miriam", "Nadia", "Naomi", "Nikolai", "Noor", "Olga", "Omar",
    "Owen", "Paloma", "Petra", "Priya", "Quentin", "Rafael", "Renee", "Rosa", "Ruth", "Samir", "Sara", "Selam",
    "Simone", "Sofia", "Stellan", "Suki", "Tamika", "Tariq", "Teresa", "Thandi", "Tomas", "Uma", "Valentina", "Viktor",
    "Wanda", "Wesley", "Xiomara", "Yara", "Yusuf", "Zainab", "Zofia",
)  # fmt: skip
FAMILY = (
    "Abara", "Achterberg", "Adeyemi", "Aldana", "Andersson", "Arceneaux", "Bakshi", "Balogun", "Barrientos", "Beaumont",
    "Bellweather", "Bergstrom", "Bianchi", "Birdsong", "Bogdanov", "Boutros", "Brightwater", "Calloway", "Cardenas",
    "Castellano", "Chavarria", "Chowdhury", "Cisneros", "Coppersmith", "Dandridge", "Delacroix", "Demir", "Dinwiddie",
    "Dragomir", "Duarte", "Ekwueme", "Ellingsworth", "Escobedo", "Fairweather", "Farrokhzad", "Fontaine", "Fujimoto",
    "Galindo", "Gebremariam", "Goldwater", "Greenleaf", "Guerrero", "Haddad", "Halvorsen", "Hawthorne", "Hinojosa",
    "Holloway", "Ibarra", "Ito", "Jankowski", "Jaramillo", "Kalani", "Kapoor", "Karimi", "Kiplagat", "Kowalczyk",
    "Lachapelle", "Langstrom", "Larkin", "Lightfoot", "Lindqvist", "Lovelace", "Maldonado", "Mbeki", "McAllister",
    "Merriweather", "Mukherjee", "Nakagawa", "Ndiaye", "Northcott", "Novak", "Obuya", "Okafor", "Olivares", "Ostrowski",
    "Pappas", "Pemberton", "Petrovic", "Quintana", "Rahimi", "Ravenscroft", "Redfeather", "Rivas", "Rosenthal",
    "Sandoval", "Sepulveda", "Shirazi", "Silverman", "Skovgaard", "Sorensen", "Stavros", "Sugimoto", "Takahashi",
    "Tamayo", "Thistlewood", "Toledano", "Tran", "Underhill", "Vargas", "Villanueva", "Vukovic", "Wainwright",
    "Weatherby", "Whitfield", "Winterbourne", "Yamamoto", "Yilmaz", "Zambrano", "Zielinski",
)  # fmt: skip

SUBJECTS = {
    "elementary": ("Elementary classroom",) * 7 + ("Special education", "English learners", "Art and music"),
    "middle": (
        "Mathematics", "Mathematics", "English language arts", "English language arts", "Science", "Social studies",
        "Special education", "Art and music", "Physical education",
    ),
    "high": (
        "Mathematics", "Mathematics", "English language arts", "English language arts", "Science", "Science",
        "Social studies", "World languages", "Special education", "Career and technical", "Physical education",
    ),
}  # fmt: skip
GRADES = {"elementary": ("K-2", "3-5"), "middle": ("6", "7", "8"), "high": ("9-10", "11-12")}
WITH_TESTS = frozenset({"Elementary classroom", "Mathematics", "English language arts", "Science", "Special education"})


def school_name(number: int, level: str) -> str:
    parts = len(FIRST_PARTS) * len(LAST_PARTS)
    # 7 and 5 share no factor with the lengths of the lists, so neighbors differ in both parts.
    first = FIRST_PARTS[number * 7 % len(FIRST_PARTS)]
    last = LAST_PARTS[(number * 5 + number // len(FIRST_PARTS)) % len(LAST_PARTS)]
    again = f" {number // parts + 1}" if number >= parts else ""
    return f"{first}{last}{again} {level.capitalize()} School"
